import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { en, parseOwnWords, type OwnMails, type OwnWords } from '../../mail/index.ts'

/** Beside the configuration: `mails/en/verify-email.txt`. */
const FOLDER = 'mails'
const FILE = /^(.+)\.txt$/

/** Without hidden files: macOS adds `.DS_Store`, and Kubernetes mounts a ConfigMap with `..data`. */
const filesIn = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith('.'))

/**
 * Loads the configuration's own words for emails, and checks that each value in them is always there.
 *
 * @returns what is wrong with them, each with the path of the file, if something is.
 */
export function loadMails(folder: string): { mails: OwnMails; problems: string[] } {
  const root = join(folder, FOLDER)
  if (!existsSync(root)) return { mails: new Map(), problems: [] }
  if (!statSync(root).isDirectory()) return { mails: new Map(), problems: [`${root}: must be a folder`] }
  const mails = new Map<string, OwnWords>()
  const problems: string[] = []
  for (const language of filesIn(root)) {
    const path = join(root, language)
    if (language !== en.language || !statSync(path).isDirectory()) {
      problems.push(`${path}: the folder has one folder for each language, and emails are in ${en.language}`)
      continue
    }
    for (const file of filesIn(path)) {
      const name = FILE.exec(file)?.[1]
      const isFile = statSync(join(path, file)).isFile()
      const own = name === undefined || !isFile ? null : parseOwnWords(name, readFileSync(join(path, file), 'utf8'))
      if (name === undefined || own === null) problems.push(`${join(path, file)}: must be a .txt file`)
      else if ('problems' in own) problems.push(...own.problems.map((problem) => `${join(path, file)}: ${problem}`))
      else mails.set(name, own)
    }
  }
  return { mails, problems }
}
