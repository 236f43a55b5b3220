import { randomUUIDv7 } from 'node:crypto'

/** A new UUIDv7: made here and not in the database, so that PostgreSQL 15 will do and a job can carry it. */
export const newId = (): string => randomUUIDv7()
