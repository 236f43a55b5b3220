import { textOf, textOfReason } from './texts/text-of.ts'

/**
 * Says to a user in a sentence or two why a call failed, also if the backend could not be reached.
 *
 * @param waitedSeconds how long ago the call failed, to count down the time that the user has to wait.
 */
export const errorText = (error: unknown, waitedSeconds = 0): string => textOf(error, { waitedSeconds })

/**
 * Says to a user what a reason means: of an error, of the end of a session, or of a login with Google or GitHub.
 *
 * @param reason may come from the address of a page. Unknown text is never shown.
 */
export const reasonText = (reason: string): string => textOfReason(reason)
