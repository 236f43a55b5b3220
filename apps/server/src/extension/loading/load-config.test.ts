import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadExtension } from './load-config.ts'

test('a bad configuration refuses the start, and says what is wrong where', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-config-'))
  const load = (name: string, source: string) => {
    writeFileSync(join(dir, name), `import { defineConfig, z } from '@tollgate/config'\n${source}`)
    return () => loadExtension(join(dir, name))
  }
  try {
    const bad = load(
      'bad.config.ts',
      `export default defineConfig({
         users: { publicData: z.object({ at: z.date(), prototype: z.string() }), writable: ['company'] } as never,
         jobs: { nightly: { data: z.object({ day: z.string() }), cron: '1 2 * * *', async run() {} } },
         migrations: [{ name: 'a', sql: 'select 1' }, { name: 'a', sql: 'select 1' }],
       })`,
    )
    expect(bad).toThrow(/users\.writable: company is not a field of publicData/)
    expect(bad).toThrow(/users\.publicData\.at: can't be stored as JSON/)
    expect(bad).toThrow(/users\.publicData\.prototype: is a reserved name/)
    expect(bad).toThrow(/jobs\.nightly\.data: has to allow \{\}/)
    expect(bad).toThrow(/migrations: a is there twice/)
    const hooks = load(
      'hooks.config.ts',
      `export default defineConfig({
         hooks: { beforeSignUp: { timeoutMs: 60_000, onFailure: 'retry' }, beforeSignup: { run() {} } } as never,
       })`,
    )
    expect(hooks).toThrow(/hooks\.beforeSignUp\.timeoutMs: must be at most 10000/)
    expect(hooks).toThrow(/hooks\.beforeSignUp\.onFailure: must be deny or allow/)
    expect(hooks).toThrow(/hooks\.beforeSignUp\.run: must be a function/)
    expect(hooks).toThrow(/hooks: Unrecognized key: "beforeSignup"/)
    mkdirSync(join(dir, 'mails/en/..data'), { recursive: true })
    writeFileSync(join(dir, 'mails/.DS_Store'), '')
    expect(load('hidden.config.ts', 'export default defineConfig({})')).not.toThrow()
    writeFileSync(join(dir, 'mails/en/verify-email.txt'), 'subject: Hi {{planName}}\nfooter: x\n\nWelcome {{')
    writeFileSync(join(dir, 'mails/en/welcome.txt'), 'Hello')
    const mails = load('mails.config.ts', 'export default defineConfig({})')
    expect(mails).toThrow(
      /verify-email\.txt: \{\{planName\}\} is not one of \{\{username\}\}, \{\{brandName\}\}, \{\{webUrl\}\}/,
    )
    expect(mails).toThrow(/verify-email\.txt: footer is not one of subject, title/)
    expect(mails).toThrow(/verify-email\.txt: a \{\{ or \}\} stands alone/)
    expect(mails).toThrow(/welcome\.txt: there is no mail welcome/)
    rmSync(join(dir, 'mails'), { recursive: true })
    expect(load('typo.config.ts', 'export default defineConfig({ procedure: () => ({}) } as never)')).toThrow(
      /Unrecognized key: "procedure"/,
    )
    expect(
      load(
        'job-data.config.ts',
        `const run = async () => {}
         export default defineConfig({
           jobs: {
             text: { data: z.string(), run },
             date: { data: z.object({ at: z.date() }), run },
             seconds: { data: z.object({}), cron: '*/5 * * * * *', run },
           },
           migrations: [
             { name: 'a', sql: 'create table app.a (); commit ; select 1' },
             { name: 'b', sql: "select 'commit;'; -- commit;\\n do $x$ begin perform 1; end; $x$" },
           ],
         } as never)`,
      ),
    ).toThrow(
      /migrations: a must not begin or end a transaction.*\n.*jobs\.text\.data: must be a z\.object.*\n.*jobs\.date\.data: can't be stored as JSON.*\n.*jobs\.seconds\.cron: must be a cron expression of five fields, such as 23 3 \* \* \*$/,
    )
    let loaded = 0
    const migration = (sql: string) =>
      load(
        `sql-${(loaded += 1)}.config.ts`, // a file is read once
        `export default defineConfig({ migrations: [{ name: 'a', sql: ${JSON.stringify(sql)} }] })`,
      )
    for (const control of [
      'begin',
      'BEGIN ISOLATION LEVEL SERIALIZABLE',
      'start  transaction',
      'commit',
      'Commit and chain',
    ]) {
      expect(migration(`select 1;\n${control};`)).toThrow(/migrations: a must not begin or end a transaction/)
    }
    for (const control of ['end', 'END WORK', 'rollback', 'rollback work', 'abort', "prepare transaction 'x'"]) {
      expect(migration(`select 1; /* done */ ${control}`)).toThrow(/migrations: a must not begin or end a transaction/)
    }
    for (const sql of [
      ...[`select 'a; end;'`, `select E'\\'; abort;'`, `create table app."; commit;" ()`, 'select 1 -- ; end;'],
      ...['select case when true then 1 end; select 2', 'savepoint a; rollback to savepoint a; rollback work to a'],
      'create function app.two() returns int begin atomic select 1; select 2; end; select 3',
      'create procedure app.none() language plpgsql as $body$ begin commit; end $body$',
    ]) {
      expect(migration(sql)).not.toThrow()
    }
    expect(load('async.config.ts', 'export default (async () => defineConfig({}))()')).toThrow(/it is a promise/)
    expect(load('await.config.ts', 'await null\nexport default defineConfig({})')).toThrow(/no await at the top level/)
    expect(load('import.config.ts', `import './bad.config'\nexport default 1`)).toThrow(/Imports need the extension/)
    expect(load('none.config.ts', 'export const config = 1')).toThrow(/the default export must be defineConfig/)
    expect(load('broken.config.ts', 'export default nothing')).toThrow(/broken\.config\.ts:2: nothing is not defined/)
    expect(load('syntax.config.ts', 'export default {\n  a b\n}')).toThrow(/syntax\.config\.ts:3: /)
    expect(() => loadExtension(join(dir, 'missing.ts'))).toThrow(/CONFIG_FILE: there is no file/)
  } finally {
    rmSync(dir, { recursive: true })
  }
})
