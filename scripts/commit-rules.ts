import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The last commit from before these rules. */
const BASE = '004968eedcb023048cacb9a538393dd30ddbda1d'

const TYPES = ['feat', 'fix', 'perf', 'refactor', 'docs', 'test', 'chore', 'style', 'build']
const SUBJECT = new RegExp(`^(${TYPES.join('|')})(?:\\([a-z0-9-]+\\))?: \\S`)
const MAX_SUBJECT_LENGTH = 72
const TRAILER = /^[A-Z][A-Za-z-]+-[Bb]y: /

export interface Commit {
  id: string
  message: string
}

/** The rules of CONTRIBUTING.md that this commit message breaks, each as a sentence; empty for a good message. */
export function commitProblems(message: string): string[] {
  const [subject = '', gap = '', ...body] = message.trimEnd().split('\n')
  const type = SUBJECT.exec(subject)?.[1]
  const length = [...subject].length
  const hasBody = body.some((line) => line.trim() !== '' && !TRAILER.test(line))

  const problems: string[] = []
  if (!type) problems.push(`The subject must start with "type(scope): " or "type: ". Types: ${TYPES.join(', ')}.`)
  if (length > MAX_SUBJECT_LENGTH) {
    problems.push(`The subject has ${length} characters. The maximum is ${MAX_SUBJECT_LENGTH}.`)
  }
  if (subject.endsWith('.')) problems.push('The subject must not end with a period.')
  if (gap !== '') problems.push('The line after the subject must be empty.')
  if (type === 'fix' && !hasBody) problems.push('A fix needs a body that says why.')
  if (type === 'perf' && !hasBody) problems.push('A perf commit needs a body with the numbers before and after.')
  return problems
}

/**
 * The commits after `base` that HEAD contains, newest first, without merges.
 *
 * @returns a sentence instead if they can't be listed: no git, no repository, or a history that doesn't reach `base`.
 */
export function commitsAfter(base: string, directory: string): Commit[] | string {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 28 })
  const { error, status, stderr } = git('rev-parse', '--git-dir')
  if (error) return `git did not run (${error.message}).`
  if (status !== 0) return `This is not a git checkout (${stderr.trim()}).`
  if (git('merge-base', '--is-ancestor', base, 'HEAD').status !== 0) {
    return `The history of this clone does not reach ${base.slice(0, 7)}.`
  }
  const log = git('log', '-z', '--no-merges', '--format=%H %B', `${base}..HEAD`)
  if (log.status !== 0) return `git could not list the commits (${log.stderr.trim()}).`
  return log.stdout
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => ({ id: entry.slice(0, entry.indexOf(' ')), message: entry.slice(entry.indexOf(' ') + 1) }))
}

if (import.meta.main) {
  const commits = commitsAfter(BASE, join(import.meta.dirname, '..'))
  if (typeof commits === 'string') {
    console.log(`${commits} Commit messages were not checked.`)
  } else {
    const bad = commits
      .map(({ id, message }) => ({ id, subject: message.split('\n')[0], problems: commitProblems(message) }))
      .filter(({ problems }) => problems.length > 0)
    for (const { id, subject, problems } of bad) {
      console.log(`${id.slice(0, 7)} ${subject}\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    }
    console.log(`Checked ${commits.length} commit messages: ${bad.length} break the rules in CONTRIBUTING.md.`)
    process.exitCode = bad.length > 0 ? 1 : 0
  }
}
