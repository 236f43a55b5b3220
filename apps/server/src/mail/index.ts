import { Mail } from './mail.entity.ts'

export { countRecentMails } from './count-recent-mails.ts'
export { plainName } from './format.ts'
export { MAIL_SAMPLES } from './mail-samples.ts'
export { keepMails } from './keep-mails.ts'
export { mailRetention } from './mail.retention.ts'
export { SendMail, type MailContent, type RefundFailed } from './mail.queues.ts'
export type { OwnMails, OwnWords } from './own-mails.ts'
export { parseOwnWords } from './own-words.ts'
export { previewMail, storedContent } from './preview-mail.ts'
export { queueMail, queueMails, type MailOfFact } from './queue-mail.ts'
export { sendMail, type MailDeps, type SecretSource } from './send-mail.ts'
export { createMailer, senderName, withName } from './smtp.ts'
export { en } from './texts/en.ts'

export const mailEntities = [Mail]
