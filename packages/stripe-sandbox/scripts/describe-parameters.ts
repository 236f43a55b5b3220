import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-6'
import type { Described, Description } from '../src/http/description.ts'
import { ALL_ROUTES } from '../src/routes/all-routes.ts'

// Writes what Stripe's API knows of each route that the sandbox serves: all parameters, and their types. The source is
// the `stripe` package, whose declarations are generated from Stripe's OpenAPI description.
//
//   node scripts/describe-parameters.ts

const STRIPE = join(dirname(fileURLToPath(import.meta.resolve('stripe'))), '..')
const TARGET = join(import.meta.dirname, '../src/http/generated/stripe-parameters.ts')
/** Deeper parameters do not exist; only types that contain themselves get here. */
const MAX_DEPTH = 12

const files = globSync('esm/resources/**/*.d.ts', { cwd: STRIPE }).map((file) => join(STRIPE, file))
const program = ts.createProgram(files, {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
})
const checker = program.getTypeChecker()

/** Types that several parameters have, by their JSON. */
const shared = new Map<string, number>()

const served = new Set(ALL_ROUTES.map(({ method, path }) => `${method} /v1${path.replaceAll(/:\w+/g, '{}')}`))
const routes: Record<string, Described> = {}
const echoes: Record<string, string[]> = {}
for (const file of files.toSorted()) {
  const calls = callsOf(readFileSync(file.replace(/\.d\.ts$/, '.js'), 'utf8'))
  for (const node of program.getSourceFile(file)?.statements ?? []) {
    if (!ts.isClassDeclaration(node)) continue
    for (const member of node.members) {
      const call = ts.isMethodDeclaration(member) ? calls.get(member.name.getText()) : undefined
      if (!call || !served.has(call) || !ts.isMethodDeclaration(member)) continue
      const params = member.parameters.find(({ name }) => name.getText() === 'params')
      const described = params?.type ? describe(checker.getTypeFromTypeNode(params.type), 0, false) : { hash: {} }
      routes[call] = described
      echoes[call] = namesIn(described).filter((name) => answerNames(member).has(name))
    }
  }
}

const version = readFileSync(join(STRIPE, 'VERSION'), 'utf8').trim()
const description: Description = {
  source: `stripe ${version} for Node.js (MIT License, Copyright (c) 2011- Stripe, Inc.), generated from Stripe's OpenAPI description`,
  routes: Object.fromEntries(Object.entries(routes).toSorted(([one], [other]) => one.localeCompare(other))),
  echoes: Object.fromEntries(Object.entries(echoes).filter(([, names]) => names.length > 0)),
  shared: [...shared.keys()].map((text) => JSON.parse(text) as Described),
}
const code = `import type { Description } from '../description.ts'

// Written by \`scripts/describe-parameters.ts\`.
// Node reads it faster as text than as code.
export const DESCRIPTION = JSON.parse(${JSON.stringify(JSON.stringify(description))}) as Description
`
writeFileSync(TARGET, code)
const missing = [...served].filter((route) => !(route in routes))
process.stdout.write(`${Object.keys(routes).length} of ${served.size} routes described.\n`)
if (missing.length > 0) process.stdout.write(`Not in Stripe's description: ${missing.join(', ')}\n`)

function namesIn(described: Described): string[] {
  return typeof described === 'object' && 'hash' in described ? Object.keys(described.hash) : []
}

/** The fields of the object that a method answers with: `Promise<Response<Customer>>`. */
function answerNames(method: ts.MethodDeclaration): Set<string> {
  const promised = checker.getAwaitedType(checker.getTypeAtLocation(method.type ?? method))
  return new Set(promised ? checker.getPropertiesOfType(promised).map(({ name }) => name) : [])
}

/** The HTTP method and path of each method in a resource's JavaScript. */
function callsOf(source: string): Map<string, string> {
  const calls = new Map<string, string>()
  const pattern = /^ {4}(\w+)\([^)]*\) \{\s*(?:return|const \w+ =)[^;]*?_makeRequest\('(\w+)', ['`]([^'`]+)['`]/gm
  for (const [, name = '', method = '', path = ''] of source.matchAll(pattern))
    calls.set(name, `${method} ${path.replaceAll(/\$\{[^}]*\}/g, '{}')}`)
  return calls
}

function describe(type: ts.Type, depth: number, mayShare = true): Described {
  const described = describeAfresh(type, depth)
  const text = JSON.stringify(described)
  if (!mayShare || typeof described === 'string' || text.length < 60) return described
  const at = shared.get(text) ?? shared.size
  shared.set(text, at)
  return at
}

function describeAfresh(type: ts.Type, depth: number): Described {
  if (depth > MAX_DEPTH) return 'any'
  if (type.isUnion()) return describeUnion(type.types, depth)
  if (type.aliasSymbol?.name === 'Decimal') return 'number'
  if (type.flags & ts.TypeFlags.StringLike) return 'string'
  if (type.flags & ts.TypeFlags.NumberLike) return 'number'
  if (type.flags & ts.TypeFlags.BooleanLike) return 'boolean'
  if (checker.isArrayType(type))
    return { list: describe(checker.getTypeArguments(type as ts.TypeReference)[0] ?? type, depth + 1) }
  if (checker.getIndexInfosOfType(type).length > 0) return 'map'
  if (!(type.flags & ts.TypeFlags.Object)) return 'any'
  const fields = checker.getPropertiesOfType(type).filter(({ name }) => name !== 'expand')
  return {
    hash: Object.fromEntries(fields.map((field) => [field.name, describe(checker.getTypeOfSymbol(field), depth + 1)])),
  }
}

function isAnyText(type: ts.Type): boolean {
  return type.isIntersection() ? type.types.some(isAnyText) : (type.flags & ts.TypeFlags.String) !== 0
}

function describeUnion(types: readonly ts.Type[], depth: number): Described {
  const given = types.filter(({ flags }) => !(flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)))
  const words = given.flatMap((type) => (type.isStringLiteral() ? [type.value] : []))
  // The package adds any text to a list of words, for words of versions to come.
  const others = given.filter((type) => !type.isStringLiteral() && !(words.length > 0 && isAnyText(type)))
  const choices = [...new Set(others.map((type) => JSON.stringify(describe(type, depth))))].map(
    (text) => JSON.parse(text) as Described,
  )
  if (words.length > 0) choices.unshift({ enum: words })
  const [only] = choices
  return choices.length === 1 && only !== undefined ? only : { or: choices }
}
