/**
 * Writes a migration from what the entities say and the database does not:
 * `DATABASE_URL=… node apps/server/scripts/create-migration.ts add-something`, against a migrated database.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entities } from '../src/entities.ts'
import { migrations } from '../src/migrations/index.ts'
import { openDatabase } from '../src/platform/database/database.ts'

const [name] = process.argv.slice(2)
const url = process.env['DATABASE_URL']
if (!name || !/^[a-z][a-z0-9-]*$/.test(name) || !url) {
  console.error('Usage: DATABASE_URL=… node apps/server/scripts/create-migration.ts NAME-IN-KEBAB-CASE')
  process.exit(1)
}

const database = await openDatabase({ url, entities, migrations })
const sql = await database.schema.getUpdateSchemaSQL({ wrap: false, safe: false })
await database.close()

const statements = sql.split('\n').filter((line) => line.trim() !== '')
if (statements.length === 0) {
  console.log('The database is as the entities say: nothing to migrate.')
  process.exit(0)
}

const folder = join(import.meta.dirname, '../src/migrations')
const taken = readdirSync(folder).filter((file) => /^\d{4}-/.test(file)).length
const number = String(taken + 1).padStart(4, '0')
const className = `${name.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())}${number}`
const lines = statements.map((statement) => `    this.addSql(\`${statement.replaceAll(/[`\\$]/g, String.raw`\$&`)}\`)`)
writeFileSync(
  join(folder, `${number}-${name}.ts`),
  `import { Migration } from '@mikro-orm/migrations'

export class ${className} extends Migration {
  override up(): void {
${lines.join('\n')}
  }
}
`,
)
console.log(`src/migrations/${number}-${name}.ts written: read it, and add it to src/migrations/index.ts.`)
