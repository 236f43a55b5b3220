/** The reason for which a call was refused, or `fine` when it was not. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'fine'
  } catch (error) {
    return (error as { data?: { reason?: string } }).data?.reason ?? String(error)
  }
}
