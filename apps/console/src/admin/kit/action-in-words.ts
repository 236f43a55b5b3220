import { t } from '../texts/catalogue.ts'

type KnownAction = keyof typeof t.audit.actions
const isKnownAction = (action: string): action is KnownAction => action in t.audit.actions

/** What an act of the audit log is called. */
export const actionInWords = (action: string): string =>
  isKnownAction(action) ? t.audit.actions[action] : action.replaceAll(/[-_.]/g, ' ')
