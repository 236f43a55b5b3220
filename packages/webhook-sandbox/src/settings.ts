import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** What is kept across restarts, if there is a file for it. */
export class Settings {
  readonly #file: string | undefined
  #secrets: readonly string[]
  #forwardTo: string | null

  /** @throws {Error} for a secret that is not one, or an invalid address. */
  constructor(file: string | undefined, first: { secrets: readonly string[]; forwardTo: string | null }) {
    this.#file = file
    const kept = file !== undefined && existsSync(file) ? readKept(readFileSync(file, 'utf8')) : null
    this.#secrets = [...new Set([...first.secrets.map(readSecret), ...(kept?.secrets ?? [])])]
    this.#forwardTo = first.forwardTo === null ? (kept?.forwardTo ?? null) : readAddress(first.forwardTo)
  }

  /** Any of them may have signed. */
  get secrets(): readonly string[] {
    return this.#secrets
  }

  /** @throws {Error} for a text that is not a secret. */
  addSecret(text: string): void {
    this.#secrets = [...new Set([readSecret(text), ...this.#secrets])].slice(0, 20)
    this.#save()
  }

  /** The URL of your own app; null if nothing is passed on. */
  get forwardTo(): string | null {
    return this.#forwardTo
  }

  /**
   * @param text empty for none.
   * @throws {Error} for an invalid address.
   */
  forward(text: string): void {
    this.#forwardTo = readAddress(text)
    this.#save()
  }

  #save(): void {
    if (this.#file === undefined) return
    const next = `${this.#file}.next`
    writeFileSync(next, JSON.stringify({ secrets: this.#secrets, forwardTo: this.#forwardTo }), { mode: 0o600 })
    renameSync(next, this.#file)
  }
}

function readSecret(text: string): string {
  const secret = text.trim()
  if (!/^whsec_[\w+/=-]{8,}$/.test(secret)) throw new Error('A secret begins with whsec_. Copy it from the endpoint.')
  return secret
}

/** @returns null for an empty text. */
function readAddress(text: string): string | null {
  const url = text.trim()
  if (url === '') return null
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error('The address must be a URL such as http://127.0.0.1:4000/webhooks.')
  return url
}

/** @returns null for a file that is not ours. */
function readKept(text: string): { secrets: string[]; forwardTo: string | null } | null {
  try {
    const kept: unknown = JSON.parse(text)
    if (typeof kept !== 'object' || kept === null || !('secrets' in kept) || !Array.isArray(kept.secrets)) return null
    const forwardTo = 'forwardTo' in kept && typeof kept.forwardTo === 'string' ? kept.forwardTo : null
    return { secrets: kept.secrets.filter((each) => typeof each === 'string'), forwardTo }
  } catch {
    return null
  }
}
