import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { dirname, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { OwnMails } from '../../mail/index.ts'
import { issueWords } from '../../platform/errors/issue-words.ts'
import { NO_OWN_DATA, type OwnData } from '../../platform/own-data.ts'
import { ExtensionExport, type ExtensionConfig } from '../extension.schemas.ts'
import { loadMails } from './load-mails.ts'
import { findProblems, ownDataOf } from './own-fields.ts'

/** What this server adds to its users, accounts, procedures and jobs. */
export interface Extension {
  readonly config: ExtensionConfig
  readonly ownData: OwnData
  /** Its words for emails, from the folder beside the file. */
  readonly mails: OwnMails
  /** The path of the file; null without one. */
  readonly file: string | null
}

/** The configuration can't be used. Its message lists everything that is wrong, one problem per line. */
export class BadExtension extends Error {
  override readonly name = 'BadExtension'
}

const NO_EXTENSION: Extension = { config: {}, ownData: NO_OWN_DATA, mails: new Map(), file: null }

const DEFAULT_FILE = 'tollgate.config.ts'
const OWN = '@tollgate/config'
const STAND_IN = new URL(`./config-module${extname(import.meta.filename)}`, import.meta.url).href
/** Packages that the server has. A configuration gets its own copies, if it has some. */
const LENT = ['zod', 'kysely']

/**
 * Loads the configuration of this server: TypeScript or JavaScript. It need not be in a folder where packages are
 * installed: `@tollgate/config`, zod and Kysely come from the server.
 *
 * @param file by default `tollgate.config.ts` in the working directory, if it exists.
 * @throws {BadExtension}
 */
export function loadExtension(file: string | undefined): Extension {
  const path = resolve(file ?? DEFAULT_FILE)
  if (!existsSync(path)) {
    if (file === undefined) return NO_EXTENSION
    throw new BadExtension(`CONFIG_FILE: there is no file ${path}.`)
  }
  const { success, data, error } = z.object({ default: ExtensionExport }).safeParse(importFile(path))
  if (!success) throw new BadExtension(error.issues.map((issue) => `${path}: ${problemOf(issue)}`).join('\n'))
  const { mails, problems } = loadMails(dirname(path))
  const all = [...findProblems(data.default).map((problem) => `${path}: ${problem}`), ...problems]
  if (all.length > 0) throw new BadExtension(all.join('\n'))
  return { config: data.default, ownData: ownDataOf(data.default), mails, file: path }
}

function importFile(path: string): unknown {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === OWN) return { url: STAND_IN, shortCircuit: true }
      try {
        return next(specifier, context)
      } catch (error) {
        if (!LENT.includes(specifier)) throw error
        return next(specifier, { ...context, parentURL: import.meta.url })
      }
    },
  })
  try {
    return inConfiguration<unknown>(path, () => createRequire(import.meta.url)(path))
  } finally {
    hooks.deregister()
  }
}

/**
 * Runs code of the configuration, or of another file of its kind, at start.
 *
 * @throws {BadExtension} when it throws, with the line.
 */
export function inConfiguration<T>(path: string, code: () => T): T {
  try {
    return code()
  } catch (error) {
    throw new BadExtension(`${placeOf(error, path)}: ${wordsOf(error)}`, { cause: error })
  }
}

/** What the author of a configuration can do about an error of Node's module loader. */
const ADVICE: Readonly<Record<string, string>> = {
  ERR_REQUIRE_ASYNC_MODULE: 'there must be no await at the top level of this file, or of one that it imports',
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING: 'a file below node_modules must be JavaScript',
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  const [line = ''] = error.message.split('\n')
  const lacksExtension = code === 'ERR_MODULE_NOT_FOUND' && /^Cannot find module '[^']*(?<!\.[cm]?[jt]s)'/.test(line)
  return ADVICE[code] ?? (lacksExtension ? `${line}. Imports need the extension, such as ./other.ts` : line)
}

/** The first line in the folder of the file that the error names, such as `/srv/tollgate.config.ts:7`. */
function placeOf(error: unknown, path: string): string {
  const folder = pathToFileURL(`${dirname(path)}/`).href
  const places = (error instanceof Error ? error.stack : undefined)?.match(/file:\S+?:\d+/g) ?? []
  const place = places.find((each) => each.startsWith(folder))
  return place === undefined ? path : place.replace(folder, `${dirname(path)}/`)
}

function problemOf(issue: z.core.$ZodIssue): string {
  const [, ...field] = issue.path
  return field.length > 0
    ? `${field.join('.')}: ${issueWords(issue)}`
    : `the default export must be defineConfig({…})${issue.code === 'invalid_type' ? '' : `: ${issue.message}`}`
}
