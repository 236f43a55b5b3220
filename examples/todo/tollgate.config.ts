import { defineConfig, z } from '@tollgate/config'
import type plans from './tollgate.plans.ts'

// From here on, a misspelled feature or tier does not compile.
declare module '@tollgate/client' {
  interface Register {
    plans: typeof plans
  }
}

interface Tables {
  'app.todos': { id: string; account_id: string; text: string; done: boolean; created_by: string; created_at: Date }
}

const LONGEST = 500

/** Domains whose addresses anyone can read. */
const THROWAWAY = ['mailinator.com', 'yopmail.com']

export default defineConfig({
  users: {
    publicData: z.object({
      company: z.string().trim().min(1, 'must not be empty').max(100, 'must be at most 100 characters long').optional(),
      isBeta: z.boolean().optional(),
    }),
    privateData: z.object({ crmId: z.string().max(64).optional() }),
    writable: ['company'],
    signUp: ['company'],
  },
  accounts: { privateData: z.object({ note: z.string().max(500).optional() }) },

  reasons: {
    TODO_NOT_FOUND: { code: 'NOT_FOUND', message: 'There is no such todo. Reload the list.' },
  },

  migrations: [
    {
      name: '001-todos',
      sql: `create table app.todos (
        id uuid primary key default gen_random_uuid(),
        account_id uuid not null references public.accounts (id) on delete cascade,
        text text not null,
        done boolean not null default false,
        created_by uuid not null,
        created_at timestamptz not null default now());
      create index on app.todos (account_id, created_at)`,
    },
  ],

  jobs: {
    'clean-up': {
      data: z.object({}),
      cron: '23 3 * * *',
      async run({ query }) {
        await query(`delete from app.todos where done and created_at < now() - interval '90 days'`)
      },
    },
  },

  hooks: {
    beforeSignUp: {
      run: (_context, { email }) =>
        THROWAWAY.some((domain) => email?.endsWith(`@${domain}`))
          ? { deny: 'Sign up with an address that you keep.' }
          : undefined,
    },
  },

  procedures: (kit) => ({
    todos: {
      list: kit
        .member()
        .query(({ ctx }) =>
          ctx
            .kysely<Tables>()
            .selectFrom('app.todos')
            .select(['id', 'text', 'done'])
            .where('account_id', '=', ctx.account.id)
            .orderBy('created_at')
            .limit(200)
            .execute(),
        ),

      add: kit
        .member()
        .input(z.object({ text: z.string().trim().min(1, 'must not be empty').max(LONGEST, 'is too long') }))
        .mutation(({ ctx, input }) =>
          ctx.transaction(async (tx) => {
            const [todo] = await tx.query<{ id: string }>(
              'insert into app.todos (account_id, text, created_by) values ($1, $2, $3) returning id',
              [ctx.account.id, input.text, ctx.user.id],
            )
            if (!todo) throw new Error('The todo was not inserted.')
            const { remaining } = await tx.consume({
              accountId: ctx.account.id,
              feature: 'todos',
              key: `todo:${todo.id}`,
            })
            return { id: todo.id, remaining, by: ctx.user.publicData.company ?? null }
          }),
        ),

      /** What a form for a new todo needs. It is refused while the account may not add one. */
      form: kit.feature('todos').query(() => ({ maximumLength: LONGEST })),

      /** A file with all todos, for accounts whose plan has at least this tier. */
      export: kit
        .tier('pro')
        .query(({ ctx }) =>
          ctx.query<{ text: string; done: boolean }>('select text, done from app.todos where account_id = $1', [
            ctx.account.id,
          ]),
        ),

      finish: kit
        .member()
        .input(z.object({ id: z.uuid('must be an id') }))
        .mutation(async ({ ctx, input }) => {
          const rows = await ctx.query(
            'update app.todos set done = true where id = $1 and account_id = $2 returning id',
            [input.id, ctx.account.id],
          )
          if (rows.length === 0) throw kit.error('TODO_NOT_FOUND')
          return {}
        }),
    },
  }),
})
