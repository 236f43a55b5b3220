import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

/** A key and its certificate, in PEM, as `node:tls` takes them. */
export interface Identity {
  readonly key: string
  readonly cert: string
}

/** An authority of the tests' own. Programs trust it only if they are told to. */
export interface Authority {
  readonly cert: string
  /** Issues a certificate for one host name. */
  issue(host: string, validity?: { from: Date; to: Date }): Identity
}

const HOUR = 3_600_000
const aroundNow = () => ({ from: new Date(Date.now() - HOUR), to: new Date(Date.now() + HOUR) })

export function anAuthority(name = 'An authority of the tests'): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = { name, privateKey }
  return {
    cert: certificate({ ...{ issuer, subject: name, publicKey, ...aroundNow() }, extension: IS_AUTHORITY }),
    issue(host, validity = aroundNow()) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const about = { issuer, subject: host, publicKey: own.publicKey, ...validity }
      return {
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: certificate({ ...about, extension: forHost(host) }),
      }
    },
  }
}

interface About {
  readonly issuer: { readonly name: string; readonly privateKey: KeyObject }
  readonly subject: string
  readonly publicKey: KeyObject
  readonly from: Date
  readonly to: Date
  readonly extension: Buffer
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificate({ issuer, subject, publicKey, from, to, extension }: About): string {
  const content = der(
    SEQUENCE,
    der(0xa0, der(0x02, [2])), // version 3
    der(0x02, [0x01, ...randomBytes(8)]),
    ECDSA_WITH_SHA256,
    nameOf(issuer.name),
    der(SEQUENCE, timeOf(from), timeOf(to)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, extension)),
  )
  const signature = sign('sha256', content, issuer.privateKey)
  const whole = der(SEQUENCE, content, ECDSA_WITH_SHA256, der(0x03, [0], signature))
  return `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
}

const SEQUENCE = 0x30

function der(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const oid = (...bytes: number[]) => der(0x06, bytes)
const nameOf = (name: string) =>
  der(SEQUENCE, der(0x31, der(SEQUENCE, oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))))
/** `YYMMDDHHMMSSZ` */
const timeOf = (at: Date) => der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`))
const ECDSA_WITH_SHA256 = der(SEQUENCE, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
const IS_AUTHORITY = der(
  SEQUENCE,
  oid(0x55, 0x1d, 0x13),
  der(0x01, [0xff]),
  der(0x04, der(SEQUENCE, der(0x01, [0xff]))),
)
const forHost = (host: string) =>
  der(SEQUENCE, oid(0x55, 0x1d, 0x11), der(0x04, der(SEQUENCE, der(0x82, Buffer.from(host)))))
