import { execFile, spawnSync } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SmallBackend, USER } from './small-backend.ts'

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/verify-tokens.md'), 'utf8')

/** How a verifier of the guide runs: each line of the input is a token, each line of the output its user or `refused`. */
const LANGUAGES = {
  python: {
    needs: ['python3', '-c', 'import cryptography'],
    file: 'verify.py',
    main: `
import sys
for line in sys.stdin.read().splitlines():
    claims = verify(line)
    print(claims["sub"] if claims else "refused")
`,
    command: ['python3', 'verify.py'],
  },
  php: {
    needs: ['php', '-r', 'exit(extension_loaded("openssl") ? 0 : 1);'],
    file: 'verify.php',
    main: `
foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $line) echo verify($line)['sub'] ?? 'refused', "\\n";
`,
    command: ['php', 'verify.php'],
  },
  go: {
    needs: ['go', 'version'],
    file: 'verify.go',
    main: `
func main() {
	input, _ := io.ReadAll(os.Stdin)
	for _, line := range strings.Split(string(input), "\\n") {
		if claims, err := Verify(line); err == nil { fmt.Println(claims.Sub) } else { fmt.Println("refused") }
	}
}
`,
    command: ['go', 'run', 'verify.go'],
  },
}

let backend: SmallBackend
let folder: string
beforeAll(async () => {
  backend = await SmallBackend.start()
  folder = mkdtempSync(join(tmpdir(), 'tollgate-languages-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await backend[Symbol.asyncDispose]()
})

const isThere = ([program = '', ...args]: readonly string[]) => spawnSync(program, args).status === 0
const isLong = process.env.TOLLGATE_TESTS === 'long'

for (const [language, { needs, file, main, command }] of Object.entries(LANGUAGES)) {
  // Go compiles for some seconds, so it is one of the long tests.
  const runs = isThere(needs) && (language !== 'go' || isLong)
  test.skipIf(!runs)(`the verifier in ${language} accepts access tokens, and nothing else`, async () => {
    const [, code = ''] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(GUIDE) ?? []
    expect(code).toContain('https://api.example.com')
    let program = code.replaceAll('https://api.example.com', backend.url)
    if (language === 'go')
      program = program.replace('package tollgate', 'package main').replace('import (', 'import ("fmt"; "io"; "os"; ')
    writeFileSync(join(folder, file), program + main)

    const tokens = await manyTokens()
    const [name = '', ...args] = command
    const running = promisify(execFile)(name, args, { cwd: folder, timeout: 50_000 })
    running.child.stdin?.end(tokens.map(({ token }) => token).join('\n'))
    const { stdout } = await running
    const lines = stdout.trim().split('\n')
    expect(tokens.map(({ what }, index) => [what, lines[index]])).toEqual(
      tokens.map(({ what, isGood }) => [what, isGood ? USER : 'refused']),
    )
  })
}

async function manyTokens(): Promise<{ what: string; token: string; isGood: boolean }[]> {
  const good = await backend.token()
  const [header = '', payload = '', signature = ''] = good.split('.')
  const [key] = backend.keys
  if (!key) throw new Error('The backend has no key.')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const at = Math.floor(Date.now() / 1000)
  const secret = createSecretKey(Buffer.from(JSON.stringify(key.jwk)))
  const wrong: Record<string, string> = {
    'no token': 'hello',
    'three parts of nothing': '..',
    'JSON that is no object': `${encode([])}.${encode([])}.${signature}`,
    'deeply nested JSON': `${Buffer.from('['.repeat(5_000)).toString('base64url')}.${payload}.${signature}`,
    'no algorithm': `${encode({ alg: 'none', kid: key.id })}.${payload}.`,
    'HS256 with the public key': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: key.id })
      .sign(secret),
    'another payload': `${header}.${encode({ ...claims, adm: true })}.${signature}`,
    'no signature': `${header}.${payload}.`,
    'a signature of zeros': `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
    'a signature with a byte more': `${header}.${payload}.${signature}AA`,
    'an unknown key': await backend.token({}, { key: { ...key, id: 'unknown' } }),
    'no key id': await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(key.privateKey),
    expired: await backend.token({ exp: at - 1 }),
    'no expiry': await backend.token({ exp: undefined }),
    'another issuer': await backend.token({ iss: 'https://evil.test' }),
    'another audience': await backend.token({ aud: 'another' }),
    'another purpose': await backend.token({ purpose: 'refresh' }),
  }
  // About one signature in 128 has a number with a leading zero, which other encodings write in fewer bytes.
  const many = await Promise.all(Array.from({ length: 300 }, async () => backend.token()))
  return [
    { what: 'a good one', token: good, isGood: true },
    ...Object.entries(wrong).map(([what, token]) => ({ what, token, isGood: false })),
    ...many.map((token) => ({ what: 'another good one', token, isGood: true })),
  ]
}
