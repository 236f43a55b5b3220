/** Something on this machine prevents the start. The message says what to do about it and is shown without a stack. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
}

/** The `code` of a system error (`EACCES`, `ENOSPC`, …); undefined for any other value. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
