export { filesIn, linksIn, type FileOwner, type FileRef } from './file.ts';
export { memoryFiles, type MemoryFiles } from './memory.ts';
export { postgresFiles } from './postgres.ts';
export type { FileRecord, FilesOf, FileStatements } from './statements.ts';
