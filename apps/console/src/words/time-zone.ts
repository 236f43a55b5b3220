/** The browser's time zone: Europe/Berlin. */
export const browserZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

/** All time zones that the browser knows, with UTC and with `chosen`, which it may not know. */
export function timeZoneOptions(chosen: string): { value: string; label: string }[] {
  const zones = new Set([chosen, 'UTC', ...Intl.supportedValuesOf('timeZone')])
  return [...zones].sort().map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
}
