/** A shortcut of the server's hot path, and how to take it out of a running server. */
export interface Shortcut {
  /** The file below apps/server/src that is changed on its way into the process. */
  readonly file: string
  /** What to replace with what. Without a match, the measurement fails. */
  readonly changes: readonly (readonly [from: string, to: string])[]
  /** The calls that the shortcut is for. */
  readonly calls: readonly ('me' | 'refresh' | 'webhook' | 'register' | 'logIn')[]
  /** What must be there, below apps/server, and how to make it. The measurement fails without it. */
  readonly needs?: { readonly folder: string; readonly command: string }
}

/** Each with a plain path in its place. docs/decisions/0015-the-hot-path.md has the results. */
export const SHORTCUTS: Readonly<Record<string, Shortcut>> = {
  'plain-calls': {
    file: 'platform/rpc/trpc-route.ts',
    changes: [['if (!usesPlainCalls)', 'if (usesPlainCalls)']],
    calls: ['me', 'refresh'],
  },
  'joined-statements': {
    file: 'platform/jobs/row-jobs.ts',
    changes: [['let canJoin = joins', 'let canJoin = !joins']],
    calls: ['webhook', 'register'],
  },
  'prepared-statements': {
    file: 'platform/database/prepared.ts',
    changes: [['if (!pool) return execute', 'if (pool) return execute']],
    calls: ['me', 'refresh', 'webhook'],
  },
  'batches-by-tick': {
    file: 'platform/database/batches.ts',
    changes: [
      ['gathered.push({ item, resolve, reject })', 'void resolveBatch(work, [{ item, resolve, reject }])'],
      ['if (gathered.length === 1) void workOff()', ''],
    ],
    calls: ['me', 'refresh'],
  },
  'group-commit': {
    file: 'platform/database/batches.ts',
    changes: [
      ['waiting.push({ item, resolve, reject })', 'void resolveBatch(work, [{ item, resolve, reject }])'],
      ['if (!isWorking) void workOff()', ''],
    ],
    calls: ['webhook'],
  },
  'argon2-build': {
    file: 'argon2-build.ts',
    changes: [["if (!existsSync(BUILDS)) return 'package'", "return 'package'"]],
    calls: ['logIn', 'register'],
    needs: { folder: 'argon2-builds', command: 'node apps/server/scripts/build-argon2.ts apps/server/argon2-builds' },
  },
  'logger-on-demand': {
    file: 'platform/log.ts',
    changes: [['  let made: Log | undefined\n', '  if (about) return log.child(about)\n  let made: Log | undefined\n']],
    calls: ['me'],
  },
}
