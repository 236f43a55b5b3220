const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' })

/** A day as the reader writes it, in the reader's time zone: November 24, 2026. */
export function formatDay(moment: Date): string {
  return day.format(moment)
}
