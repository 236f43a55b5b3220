import type { Config } from '../../config.ts'
import { areOwnMigrationsDone, checkOwnProcedures, loadExtension, type Extension } from '../../extension/index.ts'
import { askDatabase } from './ask-database.ts'
import { fine, wrong, type Finding } from './finding.ts'

/** Checks the configuration file, and that its migrations have run. */
export async function checkOwn(config: Config): Promise<Finding[]> {
  let extension: Extension
  try {
    extension = loadExtension(config.CONFIG_FILE)
    checkOwnProcedures(extension)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return error.message.split('\n').map((problem) => wrong(problem))
  }
  const { file } = extension
  if (file === null) return [fine('There is no configuration file, so nothing is added.')]
  const isDone = await askDatabase(config, async (em) => areOwnMigrationsDone(em, extension.config))
  return [isDone ? fine(describe(extension, file)) : wrong(`${file}: not all of its migrations have run. Run migrate.`)]
}

function describe({ config, mails, ownData }: Extension, file: string): string {
  const fields = [ownData.users, ownData.accounts].flatMap(({ publicData, privateData }) =>
    Object.keys({ ...publicData, ...privateData }),
  )
  const parts = [
    count(fields.length, 'field'),
    count(config.migrations?.length ?? 0, 'migration'),
    count(Object.keys(config.jobs ?? {}).length, 'job'),
    count(Object.keys(config.hooks ?? {}).length, 'hook'),
    count(mails.size, 'mail'),
    config.procedures ? 'procedures' : 'no procedures',
  ]
  return `${file} adds ${parts.join(', ')}.`
}

const count = (number: number, of: string): string => `${number} ${number === 1 ? of : `${of}s`}`
