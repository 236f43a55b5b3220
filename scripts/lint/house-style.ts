import { basename } from 'node:path'
import type { RuleTester } from 'oxlint/plugins-dev'

type Rule = Parameters<RuleTester['run']>[1]

/** A name that says where a thing was dropped, not what it is. */
const DRAWER = /(?:^|\/)(?:utils?|helpers?|common|misc|shared|types|constants)(?:\/|\.[cm]?[jt]sx?$)/
/** A file directly in a slice whose name has a hyphen and no suffix: `log-in.ts`, not `user.entity.ts`, `index.ts` or `tokens.ts`. */
const USE_CASE = /apps\/server\/src\/(?:auth|billing|mail|admin)\/([a-z0-9]+(?:-[a-z0-9]+)+)\.ts$/

/** `x as unknown as Y` says that two types have nothing in common and asks the compiler to look away. */
const noDoubleAssertion: Rule = {
  create: (context) => ({
    TSAsExpression(node) {
      if (node.expression.type !== 'TSAsExpression') return
      context.report({ node, message: 'Two assertions in a row silence the compiler: narrow the value, or parse it.' })
    },
  }),
}

/** A thing without a home is a thing without a name yet. */
const noDrawers: Rule = {
  create: (context) => ({
    Program(node) {
      if (!DRAWER.test(context.filename)) return
      context.report({ node, message: `${basename(context.filename)} is a drawer: name the file after what it is.` })
    },
  }),
}

/** In a slice, `log-in.ts` exports `logIn`; `LogIn`, `LOG_IN` and `createLogIn` will do as well. */
const fileNamedAfterItsExport: Rule = {
  create: (context) => ({
    Program(program) {
      const name = USE_CASE.exec(context.filename)?.[1]
      if (name === undefined) return
      const expected = camelCase(name).toLowerCase()
      const exported = program.body.flatMap((statement) =>
        statement.type === 'ExportNamedDeclaration' ? exportedNames(statement) : [],
      )
      if (
        exported.some(
          (each) =>
            each
              .toLowerCase()
              .replaceAll('_', '')
              .replace(/^create/, '') === expected,
        )
      )
        return
      context.report({ node: program, message: `${name}.ts must export ${camelCase(name)}.` })
    },
  }),
}

type ExportStatement = Extract<
  Parameters<NonNullable<ReturnType<Extract<Rule, { create: unknown }>['create']>['Program']>>[0]['body'][number],
  { type: 'ExportNamedDeclaration' }
>

function exportedNames({ declaration, specifiers }: ExportStatement): string[] {
  const names = specifiers.map(({ exported }) => (exported.type === 'Literal' ? exported.value : exported.name))
  if (!declaration) return names
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
  }
  return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id.name] : names
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** The rules of CONTRIBUTING.md that oxlint has no rule of its own for. */
// oxlint-disable-next-line import/no-default-export -- how oxlint loads a plugin
export default {
  meta: { name: 'house-style' },
  rules: {
    'no-double-assertion': noDoubleAssertion,
    'no-drawers': noDrawers,
    'file-named-after-its-export': fileNamedAfterItsExport,
  },
}
