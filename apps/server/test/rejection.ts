/** What the error of a refused call contains, for `rejects.toMatchObject`. */
export const refusal = (code: string, reason: string) => ({ data: { code, reason } })

/** Returns the reason why a call was refused, or `fine` if it succeeded. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'fine'
  } catch (error) {
    return (error as { data?: { reason?: string } }).data?.reason ?? String(error)
  }
}

/** The field errors with which a call is refused; undefined if there are none. */
export const fieldErrorsOf = async (call: Promise<unknown>): Promise<object | undefined> =>
  call.then(
    () => undefined,
    (error: { data?: { fieldErrors?: object } }) => error.data?.fieldErrors,
  )
