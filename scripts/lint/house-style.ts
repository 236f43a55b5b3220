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

/** In a slice, a file with one exported async function is a use case, and `log-in.ts` exports `logIn`. */
const useCaseNamedAfterItsFile: Rule = {
  create: (context) => ({
    Program(program) {
      const file = USE_CASE.exec(context.filename)?.[1]
      if (file === undefined) return
      const functions = program.body.flatMap((statement) =>
        statement.type === 'ExportNamedDeclaration' && statement.declaration?.type === 'FunctionDeclaration'
          ? [statement.declaration]
          : [],
      )
      const [useCase] = functions
      const expected = camelCase(file)
      if (functions.length !== 1 || !useCase?.async || useCase.id?.name.startsWith(expected)) return
      context.report({ node: useCase, message: `The use case in ${file}.ts is called ${expected}.` })
    },
  }),
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
    'use-case-named-after-its-file': useCaseNamedAfterItsFile,
  },
}
