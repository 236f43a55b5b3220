/** What the backend gives an account from GitHub without an address. No mail goes there. @see docs/contract/auth.md */
const STAND_IN = /@github\.local$/i

/** Whether an account has no address of its own. */
export const isStandInAddress = (email: string): boolean => STAND_IN.test(email)
