import { isTollgateError } from '../errors.ts'
import { en } from './en.ts'
import type { Texts } from './reasons.ts'

export interface TextOptions {
  /** A translation. What it leaves out is said in English. It may also have texts of reasons that the server adds. */
  texts?: Partial<Texts> & Readonly<Record<string, string>>
  /** The language of the times, such as `de`. */
  locale?: string
}

/**
 * Says to a user in a sentence or two why a call failed, also if the backend could not be reached.
 *
 * @param options.waitedSeconds how long ago the call failed, to count down the time that the user has to wait.
 */
export function textOf(error: unknown, options: TextOptions & { waitedSeconds?: number } = {}): string {
  const { texts, locale, waitedSeconds = 0 } = options
  if (!isTollgateError(error)) return fill(find('UNREACHABLE', texts) ?? '', {})
  const { reason, retryAfter, unlockedBy, httpStatus } = error.data
  const { message } = error
  const template = isOfServer(reason) ? (texts?.[reason] ?? '{message}') : find(reason, texts)
  if (template === undefined && httpStatus < 500) return message // the words are in the server's configuration
  const seconds = retryAfter === undefined ? undefined : Math.max(0, retryAfter - waitedSeconds)
  return fill(template ?? find('UNKNOWN', texts) ?? '', {
    wait:
      seconds === undefined ? find('IN_A_MOMENT', texts) : (inSeconds(seconds, locale) ?? find('IN_A_MOMENT', texts)),
    seconds: seconds?.toString(),
    planCode: unlockedBy?.planCode,
    message,
  })
}

/**
 * Says to a user what a reason means.
 *
 * @param reason may come from the address of a page. Unknown text is never shown.
 */
export function textOfReason(reason: string, { texts }: TextOptions = {}): string {
  return fill(find(reason, texts) ?? find('UNKNOWN', texts) ?? '', { wait: find('IN_A_MOMENT', texts) })
}

/**
 * Only the server knows which provider can't do what, and what to do instead; why a code is not valid; and what its
 * configuration says to users.
 */
const OF_SERVER = ['PROVIDER_UNSUPPORTED', 'CODE_NOT_VALID', 'SIGN_UP_DENIED', 'CHECKOUT_DENIED']
const isOfServer = (reason: string) => OF_SERVER.includes(reason)

function find(key: string, texts: TextOptions['texts']): string | undefined {
  const own = texts && Object.hasOwn(texts, key) ? texts[key] : undefined
  return own ?? (isKnown(key) ? en[key] : undefined)
}

const isKnown = (key: string): key is keyof Texts => Object.hasOwn(en, key)

/** Puts the values into a template, and leaves out those that are missing. */
function fill(template: string, values: Readonly<Record<string, string | undefined>>): string {
  return template
    .replaceAll(/\{(\w+)\}/g, (_place, name: string) => values[name] ?? '')
    .replaceAll(/\s+(?=[.,!?\s])/g, '')
    .trim()
}

/** @returns undefined in a runtime without the words of other languages, such as some versions of Hermes. */
function inSeconds(seconds: number, locale: string | undefined): string | undefined {
  const isLong = seconds >= 120
  const [count, unit] = isLong ? ([Math.ceil(seconds / 60), 'minute'] as const) : ([seconds, 'second'] as const)
  if (locale === undefined) return count === 0 ? 'now' : count === 1 ? 'in a second' : `in ${count} ${unit}s`
  if (!('RelativeTimeFormat' in Intl)) return undefined
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(count, unit)
}
