import { isStandInAddress } from '../platform/reserved-domain.ts'

/** Whether we may send email to this address. Checked when an email is queued, and again when it is sent. */
export const isReachable = (address: string): boolean => !isStandInAddress(address)
