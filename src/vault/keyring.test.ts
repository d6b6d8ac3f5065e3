import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { addKey, currentKey, dropOlderKeys, keyNamed, openKeyring } from './keyring.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'keyring-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const fresh = (): Secret => new Secret(randomBytes(32).toString('base64'));
const settings = (change: Partial<Parameters<typeof openKeyring>[0]> = {}) => ({
  masterKey: undefined,
  oldMasterKeys: undefined,
  masterKeyFile: undefined,
  dataDir: folder,
  ...change,
});

describe('master keys', () => {
  it('are made once when none was given, in a file for this user alone', () => {
    const made = currentKey(openKeyring(settings()));
    expect(currentKey(openKeyring(settings())).id).toBe(made.id);
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
  });

  it('come from the environment: the first wraps, older ones open', () => {
    const [now, before] = [fresh(), fresh()];
    const ring = openKeyring(settings({ masterKey: now, oldMasterKeys: [before] }));
    expect(ring.keys().map((key) => key.text.reveal())).toEqual([now.reveal(), before.reveal()]);
    expect(currentKey(ring).text.reveal()).toBe(now.reveal());
    expect(() => openKeyring(settings({ oldMasterKeys: [before] }))).toThrow(/needs MILLWRIGHT_MASTER_KEY/);
  });

  it('are the same key in base64 and in hex', () => {
    const bytes = randomBytes(32);
    const ids = ['base64', 'hex'].map((form) =>
      currentKey(openKeyring(settings({ masterKey: new Secret(bytes.toString(form === 'hex' ? 'hex' : 'base64')) }))),
    );
    expect(ids[0]?.id).toBe(ids[1]?.id);
  });

  it('in a file that cannot be used are refused with its name, and no key in the words', () => {
    expect(() => openKeyring(settings({ masterKeyFile: '/nowhere/key' }))).toThrow(/\/nowhere\/key/);
    writeFileSync(join(folder, 'bad'), 'c2hvcnQ=\n');
    expect(() => openKeyring(settings({ masterKeyFile: join(folder, 'bad') }))).toThrow('32 bytes');
  });

  it('that another process put into the file are found when something is wrapped by them', async () => {
    const file = join(folder, 'key');
    writeFileSync(file, `${fresh().reveal()}\n`);
    chmodSync(file, 0o600);
    const [running, command] = [1, 2].map(() => openKeyring(settings({ masterKeyFile: file })));
    if (running === undefined || command === undefined) throw new Error('two were opened');
    const before = currentKey(running);
    await addKey(file);
    command.refresh();
    const after = currentKey(command);
    expect(after.id).not.toBe(before.id);
    expect(keyNamed(running, after.id).id).toBe(after.id);
    expect(keyNamed(command, before.id).id).toBe(before.id);
    await dropOlderKeys(file);
    expect(readFileSync(file, 'utf8').trim()).toBe(after.text.reveal());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    command.refresh();
    expect(() => keyNamed(command, before.id)).toThrow(/MILLWRIGHT_MASTER_KEY_OLD/);
  });
});
