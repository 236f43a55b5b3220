interface BegunPurchase {
  code: string
  name: string
}

const keyOf = (sessionId: string) => `tollgate purchase ${sessionId}`

/** Keeps, for this tab, which plan a payment page sells. For wording only: what was bought is the backend's to say. */
export function rememberPurchase(sessionId: string, { code, name }: BegunPurchase): void {
  sessionStorage.setItem(keyOf(sessionId), `${code} ${name}`)
}

/** Null when the payment page was opened in another tab. */
export function recallPurchase(sessionId: string): BegunPurchase | null {
  // A code has no space; a name may.
  const [, code, name] = /^(\S+) (.+)$/.exec(sessionStorage.getItem(keyOf(sessionId)) ?? '') ?? []
  return code && name ? { code, name } : null
}
