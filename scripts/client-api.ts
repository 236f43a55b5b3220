/** What the client's API types are made of. */
export interface ApiSources {
  /** The declarations that `tsc` emits for `apps/server/src/router.ts`; every procedure stands in them in full. */
  router: string
  /** Those of `apps/server/src/platform/trpc.ts`, for `ErrorData`. */
  trpc: string
  /** Every word that the server uses as an error's reason. */
  reasons: string[]
}

const ERROR_SHAPE =
  /errorShape: \{\s*code: import\("@trpc\/server"\)\.TRPC_ERROR_CODE_NUMBER;\s*message: string;\s*data: [^;]*ErrorData;\s*\};/g

/**
 * Writes a module that gives the client the types of all procedures and needs nothing but `@trpc/server` for it.
 *
 * @throws when a type of the server would come along: a procedure without `.output(schema)` is the usual cause.
 */
export function clientApi({ router, trpc, reasons }: ApiSources): string {
  const routerType = required(
    /createAppRouter\([\s\S]*?\): (import\("@trpc\/server"\)[\s\S]*?);\n(?=export|$)/,
    router,
    'createAppRouter',
  )
  const errorData = required(
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export interface ErrorData \{[\s\S]*?\n\}/,
    trpc,
    'ErrorData',
    0,
  )
  const words = [...new Set(reasons)].toSorted((a, b) => (a < b ? -1 : 1))

  const types = routerType
    .replaceAll(ERROR_SHAPE, 'errorShape: ErrorShape;')
    .replaceAll(/\b(ctx|meta): import\("[^"]*\/trpc\.ts"\)\.\w+/g, '$1: object') // the server's own affair
  const imported = [
    ...new Set([...types.matchAll(/import\("@trpc\/server"\)\.(\w+)/g)].flatMap(([, name]) => name ?? [])),
  ]
  const body = types.replaceAll('import("@trpc/server").', '')

  refuseLeaks(body)
  return `// Made by scripts/generate-client-api.ts from the server's router. Not to be edited.
import type { ${['TRPC_ERROR_CODE_NUMBER', ...imported].toSorted().join(', ')} } from '@trpc/server'

/** Why a call failed, for programs. */
export type Reason = ${words.map((word) => `\n  | '${word}'`).join('')}

${errorData.replace('reason: string', 'reason: Reason')}

interface ErrorShape {
  code: TRPC_ERROR_CODE_NUMBER
  message: string
  data: ErrorData
}

/** Every procedure with its input and output. */
export type AppRouter = ${body}
`
}

function required(pattern: RegExp, text: string, name: string, group = 1): string {
  const found = pattern.exec(text)?.[group]
  if (found === undefined) throw new Error(`The server's declarations have no ${name} of the expected form.`)
  return found
}

function refuseLeaks(types: string): void {
  const modules = [...types.matchAll(/import\("([^"]+)"\)/g)].map(([, module]) => module)
  if (modules.length === 0 && !/\bany\b/.test(types)) return
  const culprits = [...new Set(modules), ...(/\bany\b/.test(types) ? ['any'] : [])].join(', ')
  throw new Error(`The client's types would need ${culprits}. Has every procedure an .output(schema)?`)
}
