/** A minimal browser: it keeps cookies by name, and stops at every redirect. */
export interface CookieJar {
  readonly fetch: typeof fetch
  get(name: string): string | undefined
  names(): string[]
  set(name: string, value: string): void
  /** The attributes of a cookie, as the server last set them. */
  attributes(name: string): string
}

export function createCookieJar(): CookieJar {
  const values = new Map<string, string>()
  const headers = new Map<string, string>()

  const keep = (response: Response) => {
    for (const header of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      headers.set(name, header.slice(header.indexOf(';') + 1))
      if (/max-age=0\b/i.test(header)) values.delete(name)
      else values.set(name, value)
    }
    return response
  }
  return {
    async fetch(input, init = {}) {
      const sent = new Headers(init.headers)
      if (values.size > 0) sent.set('cookie', [...values].map((pair) => pair.join('=')).join('; '))
      return keep(await fetch(input, { redirect: 'manual', ...init, headers: sent }))
    },
    get: (name) => values.get(name),
    names: () => [...values.keys()],
    set: (name, value) => void values.set(name, value),
    attributes: (name) => headers.get(name) ?? '',
  }
}
