import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { DAY, parseDuration, SECOND } from './platform/durations.ts'
import { isNetwork } from './platform/http/address-rules.ts'
import { problemOfAppRedirect } from './platform/http/app-redirect.ts'
import type { Limit } from './platform/limits/limiters.ts'
import { SigningKeysError, signingKeysIn } from './platform/signing-keys.ts'

/** The longest duration. A date that far ahead still fits every format in use. */
const LONGEST = 3_650 * DAY
/** A duration in milliseconds, without a default. */
export const givenDuration = ({ atLeast = 1 } = {}) =>
  z.string().transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== undefined && ms >= atLeast && ms <= LONGEST) return ms
    const lowest = atLeast < DAY ? '' : `at least ${atLeast / DAY}d and `
    context.addIssue(`must be a duration such as 15m, 24h or 7d, and ${lowest}at most 3650d`)
    return z.NEVER
  })
/** A duration in milliseconds. */
export const duration = (byDefault: string, bounds: { atLeast?: number } = {}) =>
  givenDuration(bounds).prefault(byDefault)

/** The same, or a word that is read as null. */
export const durationOr = (word: string, byDefault: string, bounds: { atLeast?: number } = {}) =>
  z.union([z.literal(word).transform(() => null), duration(byDefault, bounds)]).prefault(byDefault)

export const url = z
  .url({ protocol: /^https?$/, error: 'must be an absolute URL (https://…)' })
  .transform((text) => text.replace(/\/+$/, ''))
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
export const oneOf = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.enum(names, `must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`)

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text && !text.includes('*')
export const origins = list.pipe(
  z.array(
    z.string().refine((text) => text === '*' || isOrigin(text), 'must be origins such as https://app.example.com'),
  ),
)
/** Whether Express accepts it as a trusted proxy: an address, a network, or one of its three names for networks. */
const isProxy = (text: string) =>
  ['loopback', 'linklocal', 'uniquelocal'].includes(text) || ipaddr.isValid(text) || ipaddr.isValidCIDR(text)
export const proxies = list.pipe(
  z.array(z.string().refine(isProxy, 'must be addresses or networks such as 10.0.0.1 or 10.0.0.0/8')),
)
/** Addresses of apps that outside programs open. */
export const appRedirects = list.pipe(
  z.array(
    z.string().superRefine((text, context) => {
      const problem = problemOfAppRedirect(text)
      if (problem !== undefined) context.addIssue(problem)
    }),
  ),
)
/** Networks in CIDR notation, or single addresses. */
export const networks = list.pipe(
  z.array(z.string().refine(isNetwork, 'must be networks or addresses such as 10.0.0.0/8 or 10.0.0.1')),
)
export const HOST_NAME = /^\.?[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i

/** A color as `#rrggbb`; the short form `#rgb` is completed. */
export const hexColor = (byDefault: string) =>
  z
    .string()
    .regex(/^#(?:[\da-f]{3}|[\da-f]{6})$/i, 'must be a color such as #0b6b57')
    .transform((text) => (text.length === 4 ? text.replaceAll(/[\da-f]/gi, '$&$&') : text).toLowerCase())
    .prefault(byDefault)

export const secrets = list.pipe(
  z.array(z.string().refine((secret) => Buffer.byteLength(secret) >= 32, 'must be at least 32 bytes long')).min(1),
)

/** Private keys for ES256. */
export const signingKeys = z.string().transform((text, context) => {
  try {
    return signingKeysIn(text)
  } catch (error) {
    if (!(error instanceof SigningKeysError)) throw error
    context.addIssue(error.message)
    return z.NEVER
  }
})

export const rate = (byDefault: string) =>
  z
    .string()
    .transform((text, context): Limit => {
      const [points, within] = text.split('/')
      const limit = { points: Number(points), within: parseDuration(within ?? '') ?? 0 }
      if (Number.isInteger(limit.points) && limit.points > 0 && limit.within >= SECOND) return limit
      context.addIssue('must be a number of calls per time, such as 5/1m')
      return z.NEVER
    })
    .prefault(byDefault)

export const flag = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((text) => text === 'true' || text === '1')

/** A number of calls per second, for example 0.5. */
export const callsPerSecond = (byDefault: number) =>
  z.coerce
    .number('must be a number')
    .min(0.1, 'must be from 0.1 to 50')
    .max(50, 'must be from 0.1 to 50')
    .default(byDefault)

export const port = z.coerce
  .number('must be a port')
  .int('must be a port')
  .min(0, 'must be a port')
  .max(65_535, 'must be a port')
