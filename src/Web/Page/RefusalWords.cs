using System.Text.Json;
using Yizhen.Rules;

namespace Yizhen.Web.Page;

/// <summary>How each no is said: status, words in both languages, and when to try again. Without a discard arm, so that a new one breaks the build.</summary>
internal static class RefusalWords
{
    /// <summary>As in problem details: no_longer_yours.</summary>
    public static string Code(Refusal refusal) => JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.ToString());

    /// <summary>Seconds, where waiting helps.</summary>
    public static int? RetryAfter(Refusal refusal) => refusal switch
    {
        Refusal.Overloaded or Refusal.NotStored => 60,
        Refusal.TooManyAttempts or Refusal.SignInLocked or Refusal.CodesUsedUp => 300,
        Refusal.CodesNotSent => 120,
        _ => null,
    };

    public static int Status(Refusal refusal) => refusal switch
    {
        Refusal.NotFound => StatusCodes.Status404NotFound,
        Refusal.NotSignedIn or Refusal.SignInFailed or Refusal.SecondFactorNeeded => StatusCodes.Status401Unauthorized,
        Refusal.Malformed or Refusal.TextEmpty or Refusal.MessageIdMissing or Refusal.AnswerImplausible or Refusal.PhoneMalformed
            or Refusal.PhotoNotRecognised or Refusal.SeatsOutOfRange or Refusal.ReasonNeeded or Refusal.ReceiptIncomplete or Refusal.PasswordTooWeak or Refusal.RegistrationUnreadable
            or Refusal.CampaignTextMissing or Refusal.ConsentTextUnknown or Refusal.RosterWrong or Refusal.EntryIncomplete or Refusal.EntryDates
            or Refusal.NoticeIncomplete or Refusal.NoticeToNobody => StatusCodes.Status400BadRequest,
        Refusal.TextTooLong or Refusal.PhotoTooLarge or Refusal.PhotoTooManyPixels => StatusCodes.Status413PayloadTooLarge,
        Refusal.ConsentMissing or Refusal.GuardianConsentMissing or Refusal.CodeNeededFirst or Refusal.NotAllowedInMode or Refusal.ReplyBlocked
            or Refusal.NotInDemo or Refusal.OnlyInDemo or Refusal.RegistrationNotChecked or Refusal.CampaignCodeWrong or Refusal.OutsideScope => StatusCodes.Status403Forbidden,
        Refusal.ListAtFault or Refusal.HospitalUnknown or Refusal.CodeWrong or Refusal.AuthenticatorCodeWrong or Refusal.RecoveryCodeWrong or Refusal.MessageIdReused => StatusCodes.Status422UnprocessableEntity,
        Refusal.CodeExpired or Refusal.InvitationSpent or Refusal.ConsultationErased => StatusCodes.Status410Gone,
        Refusal.ConsultationClosed or Refusal.NotTriagedYet or Refusal.StoryMissing or Refusal.PlaceMissing or Refusal.ContactMissing
            or Refusal.NotWaiting or Refusal.NotInConsultation or Refusal.AdviceMissing or Refusal.NoLongerYours or Refusal.ReplyWarned
            or Refusal.CampaignNotOpen or Refusal.CampaignNotReady or Refusal.SecondPersonNeeded or Refusal.CampaignExists or Refusal.NotOnDuty or Refusal.OnlyRaise or Refusal.RedFlagStands or Refusal.ProtocolUnsigned
            or Refusal.OutsideRegion or Refusal.ProofNeeded or Refusal.Conflict or Refusal.OfferOver or Refusal.PromptOver or Refusal.ShiftOver or Refusal.PeopleOpen or Refusal.ConsentTextChanged or Refusal.NothingInItsPlace or Refusal.ReceiptNeeded => StatusCodes.Status409Conflict,
        Refusal.CodesUsedUp or Refusal.SignInLocked or Refusal.TooManyAttempts or Refusal.EntranceFull => StatusCodes.Status429TooManyRequests,
        Refusal.CodesNotSent or Refusal.Overloaded or Refusal.NotStored or Refusal.PdfNotInstalled => StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>The same where what a patient is told says nothing to those who work: they have no place to keep and no recovery code.</summary>
    public static (string Zh, string En) ForStaff(Refusal refusal) => refusal switch
    {
        Refusal.NotFound => ("没有找到，或不归您管。回到工作页，从那里打开", "Not found, or not yours to open. Go back to your page and open it from there"),
        Refusal.NotSignedIn => ("先登录，再打开这一页", "Sign in first, then open this page"),
        Refusal.CodeExpired => ("验证码过了时间。点“重新来”，再登录一次", "This code is too old. Press “Start again” and sign in once more"),
        Refusal.CodesUsedUp => ("验证码要得太多，或填错太多次。过几分钟，从头登录", "Too many codes were asked for, or tried wrongly. Wait some minutes, then sign in from the start"),
        Refusal.CodesNotSent => ("现在发不出短信，登录的验证码到不了。过几分钟再试；设了验证器的不受影响", "Messages cannot be sent now, so no code can reach you. Try again in a few minutes; with an authenticator you can always sign in"),
        Refusal.TooManyAttempts => ("试的次数太多了。过几分钟再试", "Too many tries. Wait some minutes, then try again"),
        Refusal.NotStored => ("我们的存储出了问题。之前存好的都在；一分钟后再试，还是不行，告诉管系统的人", "Our storage has a fault. What was stored before is still there; try again in a minute, and if it still fails tell whoever runs the system"),
        Refusal.Overloaded => ("来的人太多，机器在先顾接诊和危险信号。一分钟后再试；已经存好的都在", "Very many people are here, and ongoing consultations and danger signs go first. Try again in a minute; everything that was stored is still there"),
        _ => Words(refusal),
    };

    public static (string Zh, string En) Words(Refusal refusal) => refusal switch
    {
        Refusal.NotFound => ("没有找到。也许地址不全，或是在别的手机上开始的。打开“我的问诊”，或用恢复码找回", "Not found. The address may be cut short, or it was started on another phone. Open “My consultations”, or use your recovery code"),
        Refusal.NotSignedIn => ("这部手机还打不开这次问诊。用手机号或恢复码找回，位置没有变", "This device cannot open the consultation yet. Get back to it with your phone number or recovery code; your place has not changed"),
        Refusal.Malformed => ("这里有读不懂的内容。回到上一页，看一下再发一次", "Something here cannot be read. Go back, look it over and send it again"),
        Refusal.TextEmpty => ("还没有写字。写几句再发", "Nothing is written yet. Write a few words, then send"),
        Refusal.TextTooLong => ("写得太长了，最多 4000 字。分成几次发，字还在", "Too long: at most 4,000 characters. Send it in parts; your words are kept"),
        Refusal.ConsentMissing => ("标“必选”的不勾就不能在线问诊，但危险信号和专线一直可以用", "Without the required ticks we cannot go on here. Danger signs and the hotline stay open"),
        Refusal.ConsentTextChanged => ("这段说明在您打开之后改过了。请把新的看一遍，再自己打勾", "This text has been changed since you opened it. Please read the new one and tick again yourself"),
        Refusal.ConsentTextUnknown => ("看不出您读的是哪一版说明。请把这一页看一遍，再自己打勾", "It is not clear which version of the text you have read. Please read this one and tick again yourself"),
        Refusal.GuardianConsentMissing => ("孩子不到 14 岁，要由监护人同意。您是监护人，就在下面打勾", "The child is under 14, so a guardian has to agree. If you are the guardian, tick below"),
        Refusal.ConsultationClosed => ("这次问诊已结束，记录一直能看。情况变了，重新问一次", "This consultation has ended; you can always read it. If things change, ask again"),
        Refusal.ConsultationErased => ("这次问诊已按要求删除。需要时可以重新问一次", "This consultation was erased as asked. You can ask again whenever you need"),
        Refusal.NotTriagedYet => ("还差几个问题。先答完，系统看过轻重再往下走", "A few questions are left. Answer them first, so that the urgency can be checked"),
        Refusal.StoryMissing => ("还没有说哪里不舒服。先写几句", "You have not said what is wrong yet. Write a few words first"),
        Refusal.PlaceMissing => ("还没有说病人在哪里。先选地方，才知道去哪里近", "You have not said where the person is. Choose the place first, so that we know what is near"),
        Refusal.AnswerImplausible => ("这个数看起来不对。再看一眼单位和小数点；说不清也可以选“说不清”", "This number looks unusual. Check the unit and the decimal point; “not sure” is an answer too"),
        Refusal.ContactMissing => ("还没有留下联系方式。留手机号，或拿一个恢复码", "There is no way to reach you yet. Leave a phone number, or take a recovery code"),
        Refusal.NotWaiting => ("现在不在候诊中。打开“我的问诊”看看到了哪一步", "This consultation is not waiting now. Open “My consultations” to see where it stands"),
        Refusal.PromptOver => ("这位已经转请别的医生，或者已经不等了。您不用做什么", "Another doctor has been asked by now, or this person no longer waits. There is nothing you need to do"),
        Refusal.OfferOver => ("这个约定现在选不了了。您的位置没有变，接着等就行", "This can no longer be chosen. Your place has not changed: just go on waiting"),
        Refusal.NotInConsultation => ("现在没有医生在接诊。您的话照样能发，医生来了会看到", "No doctor has this consultation now. You can still write; the doctor will see it"),
        Refusal.AdviceMissing => ("还没有写建议。先写建议，再结束", "The advice is not written yet. Write it first, then close"),
        Refusal.ReplyBlocked => ("还没有发出：有几句在轻问诊里要由医生来说，或谁也不说。字都在，改一下再发，或转交医生", "Not sent yet: some of these words are for a doctor, or for nobody, in light consultation. They are kept: change them and send, or hand over to a doctor"),
        Refusal.ReplyWarned => ("还没有发出：有几句像是诊断、开药或打包票，轻问诊只给建议。字都在，改一下，或确认后照样发", "Not sent yet: some of these words read like a diagnosis, a prescription or a promise, and light consultation is advice only. They are kept: change them, or confirm and send all the same"),
        Refusal.NoLongerYours => ("这次问诊已转给另一位医生。您写的字已存成草稿，留给那位医生", "This consultation has gone to another clinician. What you wrote is kept as a draft for that clinician"),
        Refusal.MessageIdReused => ("这个编号已经用在另一条消息上。刷新页面，再发一次", "This number already belongs to another message. Reload the page and send again"),
        Refusal.MessageIdMissing => ("消息少了编号。刷新页面，再发一次，字还在", "The message has no number. Reload the page and send again; your words are kept"),
        Refusal.CodeNeededFirst => ("先填短信里的验证码，再给医生发消息。位置一直保留；有危险信号就打 120", "Enter the code from the message first, then write to the doctor. Your place is kept; with a danger sign call 120"),
        Refusal.PhoneMalformed => ("这个号码看起来不完整。国内号码写 11 位；国外号码前面加 + 和国家代码", "This number looks incomplete. Outside China begin with + and the country code"),
        Refusal.CodeWrong => ("验证码不对。看一下最新的那条短信，再填一次", "This code is not the one we sent. Look at the newest message and try again"),
        Refusal.AuthenticatorCodeWrong => ("验证器的六位数字对不上，也可能刚用过。等下一组再填；一直不对，看看手机的时间准不准", "These six digits do not match, or were used already. Wait for the next ones; if they keep failing, check the clock of your phone"),
        Refusal.CodeExpired => ("验证码过了时间。点“再发一次”", "This code is too old. Press “send again”"),
        Refusal.CodesUsedUp => ("验证码发得太多了。位置保留着，先抄下恢复码，过一会儿再验手机", "Too many codes were asked for. Your place is kept: note the recovery code and verify the phone later"),
        Refusal.CodesNotSent => ("现在发不出短信。位置保留着，先抄下恢复码，手机以后再验", "Messages cannot be sent now. Your place is kept: note the recovery code and verify the phone later"),
        Refusal.RecoveryCodeWrong => ("恢复码对不上。看一下有没有抄错，字母不分大小写", "This recovery code does not match. Check for a slip; capitals do not matter"),
        Refusal.PhotoTooLarge => ("照片太大了，最多 10 MB。用小一点的尺寸再拍一张，或截一部分", "The photo is too large: at most 10 MB. Take a smaller one or cut out a part"),
        Refusal.PhotoTooManyPixels => ("照片的尺寸太大了。用小一点的尺寸再拍一张", "The photo has too many pixels. Take a smaller one"),
        Refusal.PhotoNotRecognised => ("认不出这张照片。用 JPEG、PNG 或 WebP 格式，或截屏再发", "This photo cannot be read. Use JPEG, PNG or WebP, or send a screenshot"),
        Refusal.CampaignNotOpen => ("这次义诊现在不开放。已经排队的人照样看完；急的打 120", "This campaign is not open now. Whoever is waiting is still seen; if it is urgent, call 120"),
        Refusal.CampaignTextMissing => ("中文和英文都要写。补上空着的再存", "Both the Chinese and the English text are needed. Fill in the empty one and save again"),
        Refusal.EntryIncomplete => ("问题、答复和来源，中英文都要写。补上再存，写的都还在", "Question, answer and source are needed in both languages. Fill them in and save again; what you wrote is kept"),
        Refusal.EntryDates => ("日期要写全，截止不能早于开始。改好再存", "Each date is needed, and the last day not before the first. Change them and save again"),
        Refusal.NoticeIncomplete => ("通知的中文和英文都要写。补上再看，写的都还在", "The notice is needed in both languages. Fill in the empty one and look again; what you wrote is kept"),
        Refusal.NoticeToNobody => ("这样选不到人：勾上还在等的人，或选一个今天或以前的日子", "Nobody is chosen this way: tick those who wait, or choose a day up to today"),
        Refusal.CampaignNotReady => ("还不能开放：开放前检查里有几项没有过。补齐了再开放", "It cannot open yet: some lines of the check before opening are missing. Complete them, then open it"),
        Refusal.SecondPersonNeeded => ("开放须第二人确认：请本机构另一位操作员在这一页上确认", "Opening takes a second person: another operator of your organisation confirms it on this page"),
        Refusal.ProofNeeded => ("这次义诊看手机号是在哪里办的，您的号码对不上或没有留号码。能做什么写在旁边；急的照样接", "This campaign goes by where a phone number was sold; yours is from elsewhere, or there is none. What you can do stands beside it. The urgent are taken all the same"),
        Refusal.CampaignCodeWrong => ("这次义诊要填单位给的口令。看一下有没有写错；急的不用填，打 120", "This campaign asks for the word that the organisation gave its people. Check it for a slip. If it is urgent you need none: call 120"),
        Refusal.EntranceFull => ("这个入口这一小时的人满了。给您的时间或别处可以问的地方写在下面；急的不用等", "This entrance is full for this hour. A time for you, or where else to ask, stands below. Whoever is urgent need not wait"),
        Refusal.PdfNotInstalled => ("这台服务器没有装做 PDF 的程序。打开 SVG 海报，从浏览器打印", "This server has no program that makes a PDF. Open the SVG poster and print it from the browser"),
        Refusal.OutsideScope => ("这把密钥没有这项权限。请给您密钥的值班人员加上", "This key may not do that. Ask the operator who gave it to you"),
        Refusal.CampaignExists => ("这个地址已经有一个义诊了。换一个地址", "A campaign already has this address. Choose another"),
        Refusal.InvitationSpent => ("这个邀请用过了，或过了时间。请邀请您的人再发一个", "This invitation was used or is too old. Ask whoever invited you for a new one"),
        Refusal.SignInFailed => ("登录没有成功。看一下账号、密码和验证码，再试一次", "Sign-in did not work. Check the name, the password and the code, then try again"),
        Refusal.SignInLocked => ("试的次数太多了，过几分钟再登录", "Too many tries. Wait some minutes, then sign in again"),
        Refusal.SecondFactorNeeded => ("还差第二步验证。填验证码，或用通行密钥", "One more step: enter the code or use your passkey"),
        Refusal.PasswordTooWeak => ("密码太容易猜。写长一点，至少 12 个字，可以是一句话", "This password is easy to guess. Make it longer: at least 12 characters, a sentence will do"),
        Refusal.NotOnDuty => ("您现在不在岗。先上岗，再接诊", "You are not on duty now. Go on duty first"),
        Refusal.RegistrationUnreadable => ("执业证书编码看不懂。照证书上写：字母、数字和短横线，5 到 40 个", "The registration number cannot be read. Write it as on the certificate: letters, digits and hyphens, 5 to 40 of them"),
        Refusal.RegistrationNotChecked => ("机构还没有核对您的执业注册，还不能上岗。请值班人员在“人员”一页核对，再按一次上岗", "Your registration has not been checked yet, so you cannot go on duty. Ask the operator to check it under “People”, then press again"),
        Refusal.SeatsOutOfRange => ("同时接诊的人数超出范围。改一个数再试", "This number of simultaneous consultations is out of range. Choose another"),
        Refusal.ReasonNeeded => ("要写一句原因，接手的人才知道", "Write a short reason, so that whoever takes over knows"),
        Refusal.NothingInItsPlace => ("没有别的版本可以比：选一个要换成的版本，或先把新版本签名、放进方案里", "There is no other version to compare with: choose one, or sign the new version and put it among the protocols first"),
        Refusal.ReceiptIncomplete => ("接收单位、编号和报出时间都要写；时间在医生确认之后、现在之前。没有编号就写接收人的姓名", "Recipient, number and time of filing are all needed; the time lies between the doctor's confirmation and now. Without a number write who took it"),
        Refusal.ReceiptNeeded => ("医生确认过的上报，记下接收单位的回执才算办完；确实不用报，由医生写明原因撤下", "What a doctor has confirmed is done once the recipient's receipt is recorded; if it need not be reported after all, a doctor takes it back with a reason"),
        Refusal.OnlyRaise => ("紧急程度您只能调高。要调低，转交给医师，由医师看过再定", "You can only raise the urgency. To lower it, hand over to a physician, who decides after looking"),
        Refusal.RedFlagStands => ("这个人有红旗（危险信号），排在前面不变。要调低，由接诊的医师问清楚后在工作台上定", "This person has a red flag and keeps the place ahead. Only the physician who has them in consultation can lower it, at the desk, after asking"),
        Refusal.NotAllowedInMode => ("轻问诊不能做这一步：不诊断、不开药。需要时请当面看", "Light consultation does not allow this: no diagnosis, no prescription. See a doctor in person where needed"),
        Refusal.ProtocolUnsigned => ("分诊规则没有主管方的签名，不能用。先请主管方签名", "The triage protocol lacks the authority's signature and cannot be used. Have it signed first"),
        Refusal.PeopleOpen => ("您手上还有患者。先看完或转交，或说明退出时转给别的医生", "You still have people open. Finish them or hand over first, or say that they go to another clinician as you sign out"),
        Refusal.ShiftOver => ("这个班已经结束，改不了了。要改以后的班，选还没结束的", "This shift is over and stays as it was. Choose one that is still to come"),
        Refusal.RosterWrong => ("排班表里有几行读不懂，一行也没有加。按行改好，再发一次", "Some lines of the roster cannot be read, and nothing was added. Correct them and send again"),
        Refusal.NotInDemo => ("演示里不能做这一步", "This cannot be done in a demo"),
        Refusal.OutsideRegion => ("您在的地方不在这次义诊的范围，而且不急。可以去的地方写在旁边；急的打 120", "Where you are is not covered by this campaign, and it is not urgent. Where to go instead stands beside this; if it is urgent, call 120"),
        Refusal.ListAtFault => ("名单有几行读不了，一行都没有存。改好再传", "Some lines of the list cannot be read; nothing of it was stored. Mend them and send it again"),
        Refusal.HospitalUnknown => ("名录里没有这家医院，可能刚换了名单。重新选一家", "The directory has no such hospital; the list may have changed. Choose again"),
        Refusal.OnlyInDemo => ("这一步只在演示里能做", "This can be done in a demo only"),
        Refusal.Conflict => ("这一页旧了，情况已经变了。刷新看看，再决定", "This page is old and things have changed. Reload, look, then decide"),
        Refusal.TooManyAttempts => ("试的次数太多了。过几分钟再试，位置没有变", "Too many tries. Wait some minutes; your place has not changed"),
        Refusal.NotStored => ("这一步没有存下来，是我们的存储出了问题。之前存好的都在，一分钟后再试", "This step was not stored: our storage has a fault. What was stored before is still there; try again in a minute"),
        Refusal.Overloaded => ("现在人很多，这一页暂时打不开。您的位置保留着，过一会儿再试", "Very many people are here. This page cannot open now. Your place is kept; try again in a little while"),
    };
}
