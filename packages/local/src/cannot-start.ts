/** Something on this machine is in the way; the message is one sentence that says what to do, shown without a stack. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
}

/** The `code` of a system error (`EACCES`, `ENOSPC`, …), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
