import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitProblems, commitsAfter } from './commit-rules.ts'

test.each([
  'feat(auth): log in with a code',
  'chore: update the lockfile',
  'fix(billing): charge a retried renewal once\n\nStripe repeats the event when our answer is late.\n',
  `refactor(billing): ${'x'.repeat(53)}`,
])('a commit message that follows the rules passes: %j', (message) => {
  expect(commitProblems(message)).toEqual([])
})

test.each([
  ['make it faster', ['The subject must start with']],
  ['feature(auth): log in with a code', ['The subject must start with']],
  ['docs(auth):explain the cookie', ['The subject must start with']],
  [`refactor(billing): ${'x'.repeat(54)}`, ['The subject has 73 characters']],
  ['docs: explain the cookie.', ['must not end with a period']],
  ['docs: explain the cookie\nin more detail', ['line after the subject must be empty']],
  ['fix(billing): charge once', ['A fix needs a body']],
  ['fix(billing): charge once\n\nReviewed-by: Ada <ada@example.com>', ['A fix needs a body']],
  ['perf: rotate in one statement', ['numbers before and after']],
  ['fix: charge once.', ['must not end with a period', 'A fix needs a body']],
])('a commit message that breaks the rules is refused with each reason: %j', (message, reasons) => {
  const problems = commitProblems(message)
  expect(problems).toEqual(reasons.map((reason) => expect.stringContaining(reason)))
})

const hasGit = spawnSync('git', ['--version']).status === 0

describe.runIf(hasGit)('the commits to check', () => {
  const repository = mkdtempSync(join(tmpdir(), 'tollgate-commits-'))
  let base: string
  beforeAll(() => {
    git('init', '--quiet', '--initial-branch=main')
    base = commit('chore: start')
    commit('feat: first\n\nWith a body.')
    git('switch', '--quiet', '--create', 'side')
    commit('feat: on a branch')
    git('switch', '--quiet', 'main')
    commit('feat: second')
    git('merge', '--quiet', '--no-ff', '--message', 'Merge the branch', 'side')
  })
  afterAll(() => rmSync(repository, { recursive: true, force: true }))

  test('are those after the base, on every branch, without merges', () => {
    const commits = commitsAfter(base, repository)
    const messages = typeof commits === 'string' ? commits : commits.map(({ message }) => message.trim()).toSorted()
    expect(messages).toEqual(['feat: first\n\nWith a body.', 'feat: on a branch', 'feat: second'])
  })

  test('are unknown outside a git checkout', () => {
    const unpacked = mkdtempSync(join(tmpdir(), 'tollgate-tarball-'))
    expect(commitsAfter(base, unpacked)).toContain('not a git checkout')
    rmSync(unpacked, { recursive: true })
  })

  test('are unknown in a shallow clone that does not reach the base', () => {
    git('clone', '--quiet', '--depth=1', `file://${repository}`, join(repository, 'shallow'))
    expect(commitsAfter(base, join(repository, 'shallow'))).toContain('does not reach')
  })

  function commit(message: string): string {
    git('commit', '--quiet', '--allow-empty', '--message', message)
    return git('rev-parse', 'HEAD')
  }

  function git(...args: string[]): string {
    const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false']
    // Without the settings of the developer, or of a git hook that runs these tests.
    const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
    const { status, stdout, stderr } = spawnSync('git', [...author, ...args], {
      cwd: repository,
      env,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
    return stdout.trim()
  }
})
