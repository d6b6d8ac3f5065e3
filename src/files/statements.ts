import type { FileOwner, FileRef } from './file.ts';

/** The files of one record, all of them. */
export interface FilesOf {
  readonly owner: FileOwner;
  readonly files: readonly FileRef[];
}

/** What is known of the bytes. */
export interface Stored {
  /** Hex; the blob's key is `<tenant>/<sha256>`. */
  readonly sha256: string;
  readonly bytes: number;
  readonly contentType: string | null;
}

export type FileState = 'wanted' | 'stored' | 'given-up';

/** A file of a record, as far as we have come with it. Times are epoch milliseconds. */
export interface FileRecord extends FileRef {
  readonly owner: FileOwner;
  readonly state: FileState;
  readonly stored: Stored | null;
  readonly attempts: number;
  /** Why it is not stored. */
  readonly reason: string | null;
  /** When the record lost it; its bytes are kept. */
  readonly lostAt: number | null;
}

export interface FileCounts {
  readonly wanted: number;
  readonly stored: number;
  readonly givenUp: number;
  /** Of all stored files; one that hangs on several records counts several times. */
  readonly bytes: number;
}

/** What the engine asks of the files inside one tenant's transaction. */
export interface FileStatements {
  /** Notes which files records have: new ones are wanted, those that are not named any more are lost. */
  note(records: readonly FilesOf[], now: number): Promise<void>;
  /** Files of a record whose bytes are wanted and due. */
  wanted(owner: FileOwner, now: number): Promise<readonly FileRecord[]>;
  keep(owner: FileOwner, path: string, stored: Stored, now: number): Promise<void>;
  /** Counts a try that failed; the file is due again then. */
  postpone(owner: FileOwner, path: string, reason: string, dueAt: number): Promise<void>;
  giveUp(owner: FileOwner, path: string, reason: string): Promise<void>;
  /** Records with files that are due, longest due first. */
  due(now: number, limit: number): Promise<readonly FileOwner[]>;
  /** In the order of records and paths, at most `limit`, after the one named; of one record, in whatever organisation, or all. */
  page(after: FileRecord | null, limit: number, of?: Omit<FileOwner, 'organizationId'>): Promise<readonly FileRecord[]>;
  counts(): Promise<FileCounts>;
}
