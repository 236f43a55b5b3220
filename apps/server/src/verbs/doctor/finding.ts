import type { Config } from '../../config.ts'
import type { Log } from '../../platform/log.ts'

/** One line of the doctor's output. `odd` works, but may not be intended. */
export interface Finding {
  readonly state: 'fine' | 'odd' | 'wrong'
  readonly text: string
}

export type Check = (config: Config, log: Log) => Promise<Finding[]>

export const fine = (text: string): Finding => ({ state: 'fine', text })
export const odd = (text: string): Finding => ({ state: 'odd', text })
export const wrong = (text: string): Finding => ({ state: 'wrong', text })
