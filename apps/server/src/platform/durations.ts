/** All durations in this code are milliseconds, built from these constants. */
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/**
 * Reads a duration such as `15m`, `7d` or `500ms`.
 *
 * @returns milliseconds, or undefined if the text is not a duration.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim())
  if (!match?.[1] || !match[2]) return undefined
  return Number(match[1]) * (UNITS[match[2]] ?? 0)
}
