import { createHash } from 'node:crypto'
import { html, type Html } from './html.ts'

/** A picture of a person's initials, as an address that needs no network. The same account always has the same color. */
export function pictureOf({ id, name }: { id: string; name: string }): Html {
  const hue = (createHash('sha256').update(id).digest()[0] ?? 0) * 1.4
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase()
  const letters = /^[\p{L}\p{N}]+$/u.test(initials) ? initials : '?'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="hsl(${Math.round(hue)} 45% 36%)"/><text x="20" y="26" font-family="sans-serif" font-size="16" font-weight="600" fill="#fff" text-anchor="middle">${letters}</text></svg>`
  return html`<img src="data:image/svg+xml,${encodeURIComponent(svg)}" alt="" />`
}

/** The sign of a provider: the colors and shapes of the sandbox's own drawing. */
export const SIGNS: Readonly<Record<'google' | 'github', Html>> = {
  google: html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <g fill="none" stroke-width="4">
      <path stroke="#ea4335" d="M5.2 8.5A8 8 0 0 1 17.7 6.3" />
      <path stroke="#fbbc04" d="M5.2 15.5A8 8 0 0 1 5.2 8.5" />
      <path stroke="#34a853" d="M17 18.2A8 8 0 0 1 5.2 15.5" />
      <path stroke="#4285f4" d="M12 12h8a8 8 0 0 1-3 6.2" />
    </g>
  </svg>`,
  github: html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <g fill="none" stroke="currentColor" stroke-width="2.2">
      <circle cx="6" cy="5" r="2.6" />
      <circle cx="6" cy="19" r="2.6" />
      <circle cx="18" cy="8" r="2.6" />
      <path d="M6 7.6v8.8M18 10.6c0 4-6 3.4-10.4 6.2" />
    </g>
  </svg>`,
}
