/** A moment as a cell of a file: ISO 8601 in UTC; empty without one. */
export const when = (moment: Date | null): string => moment?.toISOString() ?? ''
