"""The words in which contributors agree, refuse, hesitate or ask for a change."""

import re

from mailflow.kinds.phrases import said

WORD = re.compile(r"[\w']+")

# What says, with a word of denial or of change, that all is well: read as a plain yes.
ALL_WELL = said(
    r"""
    (?:there (?:is|are|'s) )?(?:no|not any|without(?: any)?|zero) (?:further |other |more )?(?:changes?|edits?|corrections?|amendments?)(?: (?:are |is )?(?:needed|required|necessary|from me|from my side|to make|at all))*
    (?:there (?:is|are|'s) )?(?:no|not any|without(?: any)?|zero) (?:comments?|objections?|concerns?|complaints?|problems?|issues?)(?: (?:from me|from my side|at all|with (?:it|this|that)))*
    (?:i )?(?:would not|wouldn't|don't need to|do not need to|need not|don't want to|do not want to) (?:change|alter) (?:a thing|anything|a word|it)
    (?:there is |there's |i (?:have|see|found) )?nothing (?:that )?(?:(?:needs|wants) )?(?:to be )?(?:to )?(?:change|changing|changed|add|correct|object to)
    (?:please )?(?:don't|do not) change (?:a thing|anything|a word|it)
    (?:i )?(?:don't|do not) (?:mind|object)(?: (?:at all|to (?:it|this|that)))*
    unchanged
    """  # noqa: E501
)
YES = said(
    r"""
    (?:yes|yep|yeah|by all means|thumbs up)
    (?:go|going) (?:ahead|for it)
    (?:i )?(?:do )?(?:hereby )?(?:agree|agreed|consent|approve|approved|confirm|confirmed)
    (?:i |you )?(?:give|have|grant)(?: you)? (?:my |the )?(?:full )?(?:permission|consent|blessing|approval)
    (?:please |you may |you can |do )*(?:publish|use|print|share|post) (?:it|this|that)
    you (?:may|can) put (?:it|this|that) (?:up|online)
    """
)
_TEXT = r"(?:it|this|that|everything|all of it|(?:the|this|your) (?:text|version|wording|story|draft))"
# A yes where nothing else stands between two commas: "that looks good to me", but not "it was good of you".
YES_ALONE = said(
    rf"""
    (?:{_TEXT}(?:'s| is| all| looks| sounds| reads)? |i am |i'm |am |we are |we're |all )?(?:(?:all|very|really|quite|absolutely|perfectly|totally|completely) )?(?:ok(?:ay)?|fine|good|great|all right|alright|happy|content|glad|perfect|lovely|all good)(?: (?:for|by|with|from|to|about|on) (?:me|us|my (?:side|end|part)|{_TEXT}))*(?: to (?:appear|be (?:published|used|shared|printed)|go (?:live|online|up|out)|stand))?(?: (?:exactly )?(?:as (?:it is|it stands|is)|like (?:this|that)))?(?: (?:thanks|thank you))?
    (?:sure|certainly|absolutely|definitely|of course)
    (?:sounds|looks) (?:good|fine|great|ok|right)(?: to me)?
    """  # noqa: E501
)
# A yes needs no other word where thanks for the question stand beside it.
THANKS_FOR_ASKING = said(
    "(?:thank you|thanks|cheers)(?: (?:so|very) much)? for (?:asking|checking)(?: with)?(?: me)?(?: (?:first|again))*"
)
READ_IT = said(rf"(?:i have |i've |having )?read {_TEXT}(?: through| again| twice| carefully)*(?: and|,)")
STARTS_NO = said("(?:no|nope|nah|never|absolutely not|certainly not|definitely not|rather not)")
NO = said(
    r"""
    (?:don't|do not|can't|cannot|won't|will not|didn't|did not) (?:agree|consent|approve|give (?:you )?(?:my |any )?(?:permission|consent))
    (?:not|never|isn't|aren't|no longer) (?:really |entirely |at all |very )?(?:happy|comfortable|ok|okay|fine|keen|willing|agreed|ready|prepared)
    (?:don't|do not|wouldn't|would not) (?:feel|be) (?:\w+ )?(?:safe|comfortable|happy|easy|right|good)
    (?:don't|do not|didn't|did not|never) (?:really )?(?:want|wish) (?:it|this|that|any of (?:it|this)|to (?:publish|appear|go|be|see|have))
    (?:rather|prefer(?:red)?)(?: that)?(?: (?:it|this|you))?(?: (?:was|were|did|is|be|to))?(?: not|n't)(?: (?:be|published|publish|appear|go|use|used|print|do|put)\b|$)
    keep (?:it|this|that) (?:private|to (?:myself|ourselves)|between us)
    (?:take|leave|keep) (?:me|us|it|this) (?:out|off|down)
    (?:delete|remove) (?:it|this|that|everything|(?:my|the|our) (?:story|text|message|e-?mail))
    (?:changed my mind|withdraw\w*|decline)
    (?:my|the) answer is no
    (?:say|saying|reflection|afraid|sadly|unfortunately),? (?:a )?no
    """  # noqa: E501
)
CHANGE = said(
    r"""
    (?:chang|remov|delet|replac|correct|edit|amend|alter|reword|rephras|rewrit|adjust|anonymis|anonymiz|tweak|shorten|omit|swap|revis)\w*
    (?:take|taken|taking|leave|left|leaving|cut|cutting|strip|keep)(?! (?:me|us|it|this)\b)(?: [\w'"]+){0,6} (?:out|off|away)
    (?:drop|cut|add|fix|mention|soften|insert|skip)(?:ped|s|ed)?
    (?:rather|prefer)(?: [\w']+){0,6} (?:say|said|says|mention|name|include|call|called|read|show)\w*
    (?:should|must|ought to|needs? to|has to) (?:be|read|say|go)
    (?:more|very|make it|make that|make this|make them) (?:clear|clearer|general|neutral|vague|precise|specific)
    (?:less \w+|vaguer|clearer|softer|nearly there|almost there|not quite (?:right|there|what))
    (?:a|one|another|two|the) (?:mistake|error|typo|slip)s?
    (?:one|a|some|two|three|another) (?:last |small |minor |tiny |little |other )*(?:thing|point|detail|quibble|request)s?
    (?:is|was|are|were|feels|sounds|looks|seems|reads) (?:a (?:bit|little) )?(?:wrong|incorrect|inaccurate|too|untrue|off)
    (?:gives?|giving|gave) (?:\w+ ){0,2}away
    (?:instead of|rather than|in place of|except|apart from|other than)
    (?:with|without) (?:that|this|it|the [\w']+) (?:gone|out|removed|in it)
    """
)
# What speaks of the text, and of a change where nothing says no.
ABOUT_THE_TEXT = said(
    r"""
    (?:the|that|this|your|first|second|third|last|next|final|one) (?:paragraph|sentence|line|title|headline|heading|phrase|wording|word|spelling|bit|part)s?
    pronouns?
    (?:it|that|she|he|they|i|we|which) (?:was|were|is|am|are)(?:n't| not| actually| really| in fact)
    i (?:never|didn't|did not) (?:say|said|tell|told|ask|asked|write|wrote)
    """  # noqa: E501
)
DOUBT = said(
    r"""
    (?:not|n't|un)(?: (?:so|too|really|very|entirely|quite|completely))? ?sure
    (?:maybe|perhaps|possibly|probably|depends|hesitat\w+|torn|unclear|confused|nervous|worried|scared|anxious|uneasy)
    (?:i )?(?:suppose|guess)
    (?:think|thinking|sleep) (?:about|over|on) (?:it|this)
    (?:get|come|be) back to you
    let you know
    (?:more|some|a (?:little|bit of)) time
    (?:before|until|till|once (?:you|the|it|that|i|my|we)|unless|provided|providing|as long as|so long as|on condition|if)
    yes and no
    (?:don't|do not|can't|cannot) (?:remember|recall|decide)
    """
)
# What may stand beside a yes and adds nothing to it.
FILLERS = frozenset(
    WORD.findall(
        """
    a about after again all already also always am an and any anything appear apologies appreciate appreciated are as asking at
    attached be been best both by care careful carefully checking cheers completely content course dear delay did do done
    effort entirely everything exactly fine for form forward from full fully getting glad goes going good great greetings
    happily happy have having hello hi hope how i i'd i'm i've in indeed is it it'd it'll it's just kind kindly late latest
    like looking looks lot lovely make many me message much my nice of on one's online our over page please pleased
    published publication quite re really regards reply seeing sending sent side simply site slow so
    sorry stands story such taking text thank thanks that that's the them then there these they this through to totally truly
    us used version very was way we website what whole wishes with wonderful work works would written you you're your
        """
    )
)
