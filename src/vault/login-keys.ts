import { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import type { LoginKeys } from '../postgres/index.ts';
import { open, seal } from './envelope.ts';
import type { Keyring } from './keyring.ts';
import { masterKeyOf } from './master-key.ts';

const IDENTITY = 'installation/login_secret';

/** How this installation's master keys keep the password of the database role. */
export const loginKeysOf = (keyring: Keyring): LoginKeys => ({
  masterKeys: keyring.keys().map((key) => key.text),
  sealLogin: (password, masterKey) =>
    seal(masterKeyOf(masterKey).bytes, IDENTITY, Buffer.from(password.reveal(), 'utf8')),
  openLogin: (sealed, masterKey) => {
    const plain = open(masterKeyOf(masterKey).bytes, IDENTITY, sealed);
    if (plain === undefined) throw raise('secret-unreadable', 'the password of the database role cannot be decrypted');
    return new Secret(plain.toString('utf8'));
  },
});
