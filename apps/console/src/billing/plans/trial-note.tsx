import { useAccount } from '../../accounts/use-account.ts'
import { describeTrial, type Trial } from '../../words/trial.ts'

/** Says who a plan's free trial is for, or that this account has had its own. Empty for an account that gets it. */
export function TrialNote({ trial }: { trial: Trial }) {
  const note = describeTrial(trial, useAccount())
  return note && <p className="quiet">{note}</p>
}
