/** What the sandboxes show of the brand. */
export interface LocalBrand {
  name: string
  /** As `#rrggbb`. Undefined: the sandboxes' own color. */
  color: string | undefined
}

/** Reads the brand from the settings. The server checks them; what it would refuse is left out here. */
export function brandOf(env: NodeJS.ProcessEnv): LocalBrand {
  const name = env['BRAND_NAME']?.trim() || /^\s*"?([^"<]*[^"<\s])"?\s*</.exec(env['MAIL_FROM'] ?? '')?.[1]
  const [, short, long] = /^#(?:([\da-f]{3})|([\da-f]{6}))$/i.exec(env['BRAND_COLOR'] ?? '') ?? []
  const digits = long ?? short?.replaceAll(/./g, '$&$&')
  return { name: name ?? 'Tollgate', color: digits === undefined ? undefined : `#${digits}` }
}
