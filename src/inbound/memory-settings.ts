import type { Undo } from '../base/undo.ts';
import { DEFAULT_SETTINGS, type PullSettings } from './settings.ts';
import type { SettingsStatements } from './statements.ts';

/** One tenant's settings in memory: one entry, or none. */
export type MemorySettings = Map<'settings', PullSettings>;

export const memorySettings = (table: MemorySettings, undo: Undo): SettingsStatements => ({
  read: () => Promise.resolve(table.get('settings') ?? DEFAULT_SETTINGS),
  write: (settings) => {
    undo.set(table, 'settings', settings);
    return Promise.resolve();
  },
});
