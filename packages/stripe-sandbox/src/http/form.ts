/** A form-encoded body before its parameters are read: text, hashes and lists. */
export type FormValue = string | FormValue[] | FormHash
export interface FormHash {
  [key: string]: FormValue
}

const MAX_DEPTH = 10

/**
 * Decodes `a[b][0][c]=x&expand[]=y` into nested hashes and lists.
 *
 * It accepts indexed lists (`items[0]`), which stripe-node sends, and `expand[]`, which curl and the Stripe CLI send.
 * Hashes have no prototype, so a key such as `__proto__` can't reach one.
 */
export function decodeForm(text: string): FormHash {
  const root = newHash()
  for (const [name, value] of new URLSearchParams(text)) put(root, keysOf(name), value)
  return lists(root) as FormHash
}

function keysOf(name: string): string[] {
  const [head = ''] = name.split('[', 1)
  const rest = [...name.slice(head.length).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '')
  return [head, ...rest].slice(0, MAX_DEPTH)
}

function put(root: FormHash, keys: string[], value: string): void {
  let hash = root
  for (const [depth, key] of keys.entries()) {
    const name = key === '' ? String(Object.keys(hash).length) : key
    if (depth === keys.length - 1) {
      hash[name] = value
      return
    }
    const next = hash[name]
    hash = typeof next === 'object' && !Array.isArray(next) ? next : (hash[name] = newHash())
  }
}

/** Turns hashes whose keys are all numbers back into lists. */
function lists(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, lists(inner)] as const)
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) return entries.map(([, inner]) => inner)
  const hash = newHash()
  for (const [key, inner] of entries) hash[key] = inner
  return hash
}

export function newHash(): FormHash {
  return Object.create(null) as FormHash
}
