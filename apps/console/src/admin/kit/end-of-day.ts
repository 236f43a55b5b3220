/** The last moment of a day that was chosen in a field; null if none was. */
export function endOfDay(written: string): Date | null {
  return /^\d{4}-\d{2}-\d{2}$/.test(written) ? new Date(`${written}T23:59:59.999`) : null
}
