import { expect, test } from 'vitest'
import { clientApi } from './client-api.ts'

const trpc = `
/** The data of an error. */
export interface ErrorData {
    code: string;
    reason: string;
}
`
const routerWith = (output: string) => `import type { Deps } from './deps.ts';
export declare function createAppRouter(deps: Deps): import("@trpc/server").TRPCBuiltRouter<{
    ctx: import("./platform/rpc/trpc.ts").Context;
    meta: import("./platform/rpc/trpc.ts").ProcedureMeta;
    errorShape: {
        code: import("@trpc/server").TRPC_ERROR_CODE_NUMBER;
        message: string;
        data: import("./platform/rpc/trpc.ts").ErrorData;
    };
}, import("@trpc/server").TRPCDecorateCreateRouterOptions<{
    me: import("@trpc/server").TRPCQueryProcedure<{
        input: void;
        output: ${output};
    }>;
}>>;
export type AppRouter = ReturnType<typeof createAppRouter>;
`

test('the generated module imports only @trpc/server and what a program has registered', () => {
  const api = clientApi({ router: routerWith('{ id: string; }'), trpc, reasons: ['B_REASON', 'A_REASON', 'B_REASON'] })
  expect([...api.matchAll(/from '(.*)'|import\(/g)].map(([, module]) => module)).toEqual([
    '@trpc/server',
    '../own-data.ts',
  ])
  expect(api).toMatch(/} & OwnProcedures\s*>\s*>\n$/)
  expect(api).toContain('ctx: object;\n    meta: object;')
  expect(api).toContain(`export type KnownReason = \n  | 'A_REASON'\n  | 'B_REASON'\n`)
  expect(api).toContain('reason: Reason')
})

test.each(['import("@mikro-orm/core").Opt<string>', 'import("./auth/user.entity.ts").User', 'any'])(
  'refuses to generate when an output has the type %s',
  (type) => {
    expect(() => clientApi({ router: routerWith(type), trpc, reasons: [] })).toThrow(
      'Does every procedure have an .output(schema)?',
    )
  },
)
