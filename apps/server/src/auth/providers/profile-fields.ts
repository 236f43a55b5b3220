const LONGEST_NAME = 100
const LONGEST_URL = 2000

/** A name as a profile may hold it, or null: no control characters, at most 100 characters. */
export function nameFrom(text: string | null | undefined): string | null {
  const name = (text ?? '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .trim()
  return [...name].slice(0, LONGEST_NAME).join('').slice(0, LONGEST_NAME).toWellFormed().trim() || null
}

/** First and last name, where the provider has but one field for both. */
export function splitName(text: string | null | undefined): { firstName: string | null; lastName: string | null } {
  const [first, ...others] = (nameFrom(text) ?? '').split(/\s+/)
  return { firstName: nameFrom(first), lastName: nameFrom(others.join(' ')) }
}

/** A picture's address as a profile may hold it, or null: https only. */
export function avatarFrom(text: string | null | undefined): string | null {
  const url = URL.parse(text ?? '')
  return url?.protocol === 'https:' && url.href.length <= LONGEST_URL ? url.href : null
}
