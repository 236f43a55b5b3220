/** All API versions that the sandbox speaks, oldest first. The newest is that of the pinned official package. */
const VERSIONS = [
  '2022-08-01',
  '2022-11-15',
  '2023-08-16',
  '2023-10-16',
  '2024-04-10',
  '2024-06-20',
  '2024-09-30.acacia',
  '2024-10-28.acacia',
  '2024-11-20.acacia',
  '2024-12-18.acacia',
  '2025-01-27.acacia',
  '2025-02-24.acacia',
  '2025-03-31.basil',
  '2025-04-30.basil',
  '2025-05-28.basil',
  '2025-06-30.basil',
  '2025-07-30.basil',
  '2025-08-27.basil',
  '2025-09-30.clover',
  '2025-10-29.clover',
  '2025-11-17.clover',
  '2025-12-15.clover',
  '2026-01-28.clover',
  '2026-02-25.clover',
  '2026-03-25.dahlia',
  '2026-04-22.dahlia',
  '2026-05-27.dahlia',
  '2026-06-24.dahlia',
  '2026-07-29.dahlia',
  '2026-08-26.dahlia',
  '2026-09-30.endive',
  '2026-10-28.endive',
] as const

export type ApiVersion = (typeof VERSIONS)[number]

/** The account's default version, and that of all objects before they are shown in another one. */
export const API_VERSION: ApiVersion = '2026-10-28.endive'

/** The oldest version that the sandbox speaks. */
export const OLDEST_VERSION: ApiVersion = VERSIONS[0]

/** The version of this name; undefined if there is none, or the sandbox doesn't speak it. */
export function findVersion(name: string): ApiVersion | undefined {
  return VERSIONS.find((version) => version === name)
}

/** Whether Stripe may know this version, although the sandbox doesn't: one before its oldest. */
export function isTooOld(name: string): boolean {
  return /^20[12]\d-\d\d-\d\d$/.test(name) && name < OLDEST_VERSION
}
