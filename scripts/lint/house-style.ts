import { basename } from 'node:path'
import type { RuleTester } from 'oxlint/plugins-dev'

type Rule = Parameters<RuleTester['run']>[1]

/** File and folder names that don't say what the code is. */
const DRAWER = /(?:^|\/)(?:utils?|helpers?|common|misc|shared|types|constants)(?:\/|\.[cm]?[jt]sx?$)/
/**
 * A file of a slice, outside of providers/, with a hyphen in its name and no suffix: `log-in.ts`, not `user.entity.ts`,
 * `index.ts`, or `tokens.ts`.
 */
const USE_CASE =
  /apps\/server\/src\/(?:auth|accounts|billing|mail|admin)\/(?:(?!providers\/)[a-z-]+\/)?([a-z0-9]+(?:-[a-z0-9]+)+)\.ts$/

/** Forbids `x as unknown as Y`, which turns off type checking between two unrelated types. */
const noDoubleAssertion: Rule = {
  create: (context) => ({
    TSAsExpression(node) {
      if (node.expression.type !== 'TSAsExpression') return
      context.report({ node, message: 'A double assertion silences the compiler. Narrow the value, or parse it.' })
    },
  }),
}

/** Forbids catch-all files like `utils.ts`. */
const noDrawers: Rule = {
  create: (context) => ({
    Program(node) {
      if (!DRAWER.test(context.filename)) return
      context.report({
        node,
        message: `Rename ${basename(context.filename)} after what it contains, not utils, common, or types.`,
      })
    },
  }),
}

/** In a slice, a file whose only exported function is async is a use case: `log-in.ts` exports `logIn`. */
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
      context.report({ node: useCase, message: `Rename the use case in ${file}.ts to ${expected}.` })
    },
  }),
}

/**
 * Keeps the two times of billing apart. Wall time is `now` or `wallNow`. Billing time, which a sandbox may move, is
 * `billingNow`.
 */
const billingTimeNamed: Rule = {
  create: (context) => ({
    VariableDeclarator({ id, init }) {
      const call = init?.type === 'AwaitExpression' ? init.argument : init
      if (id.type !== 'Identifier' || id.name === 'billingNow' || call?.type !== 'CallExpression') return
      if (!/(?:^|\.)time\.now$/.test(context.sourceCode.getText(call.callee))) return
      context.report({ node: id, message: `Rename ${id.name} to billingNow: it is billing time, not wall time.` })
    },
  }),
}

/** Editors show one error for each `@throws`, so two errors need two lines. */
const oneErrorPerThrows: Rule = {
  create: (context) => ({
    Program(node) {
      for (const { value } of context.sourceCode.getAllComments()) {
        const [line] = /@throws[^\n]*\{[A-Z]\w*\}[^\n]*\{[A-Z]\w*\}.*/.exec(value) ?? []
        if (line !== undefined) context.report({ node, message: `Give each error its own line: ${line}` })
      }
    },
  }),
}

/** In a program that ends with `process.exit(await run())`, a `const` after that line is never assigned. */
const exitComesLast: Rule = {
  create: (context) => ({
    Program({ body }) {
      const isExit = (statement: (typeof body)[number]) =>
        context.sourceCode.getText(statement).startsWith('process.exit(')
      for (const statement of body.slice(body.findIndex(isExit) + 1 || body.length)) {
        if (statement.type !== 'VariableDeclaration') continue
        context.report({
          node: statement,
          message: 'The program ends before this line. Move it up, or use `function`.',
        })
      }
    },
  }),
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** The rules of CONTRIBUTING.md that have no built-in oxlint rule. */
// oxlint-disable-next-line import/no-default-export -- oxlint loads a plugin from its default export
export default {
  meta: { name: 'house-style' },
  rules: {
    'no-double-assertion': noDoubleAssertion,
    'no-drawers': noDrawers,
    'use-case-named-after-its-file': useCaseNamedAfterItsFile,
    'billing-time-named': billingTimeNamed,
    'one-error-per-throws': oneErrorPerThrows,
    'exit-comes-last': exitComesLast,
  },
}
