import { isSmallPicture } from '../../platform/small-picture.ts'

const LONGEST_NAME = 100
const LONGEST_URL = 2000

/** @returns the text as a profile's name: without control characters, at most 100 long; null when nothing is left. */
export function nameFrom(text: string | null | undefined): string | null {
  const name = (text ?? '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .trim()
  return [...name].slice(0, LONGEST_NAME).join('').slice(0, LONGEST_NAME).toWellFormed().trim() || null
}

/** Splits a provider's single name field into first and last name. */
export function splitName(text: string | null | undefined): { firstName: string | null; lastName: string | null } {
  const [first, ...others] = (nameFrom(text) ?? '').split(/\s+/)
  return { firstName: nameFrom(first), lastName: nameFrom(others.join(' ')) }
}

/** @returns the URL as a profile's picture; null when it is neither an https URL nor a small picture itself. */
export function avatarFrom(text: string | null | undefined): string | null {
  if (text?.startsWith('data:')) return isSmallPicture(text) ? text : null
  const url = URL.parse(text ?? '')
  return url?.protocol === 'https:' && url.href.length <= LONGEST_URL ? url.href : null
}
