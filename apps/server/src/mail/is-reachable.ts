import { isStandInAddress } from '../platform/reserved-domain.ts'

/** Whether mail may be sent to an address; checked when a mail is queued, and again when it is sent. */
export const isReachable = (address: string): boolean => !isStandInAddress(address)
