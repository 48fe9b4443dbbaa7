"""Which words say nothing about the matter, by language."""

from functools import cache

# Own lists. Function words only, and the courtesies that open and close a letter: whoever writes
# "please" or "kind regards" has not yet raised anything.
_LISTS = {
    "en": """
        a about above across after again against ago all almost alone along already also although
        always am among an and another any anybody anyone anything are aren't around as at away be
        became because become becomes been before began being below between beyond both but by can
        can't cannot could couldn't did didn't do does doesn't doing don't done down due during
        each either else enough especially etc even ever every everybody everyone everything few
        for from further furthermore gave get gets getting give given gives go goes going gone got
        had hadn't has hasn't have haven't having he he's her here hers herself him himself his how
        however i i'd i'll i'm i've if in indeed instead into is isn't it it's its itself just keep
        kept least less let lets like likely made make makes making many may maybe me might mine
        more moreover most much must my myself neither never nevertheless no nobody non none nor not
        nothing now of off often on once one ones only onto or other others otherwise ought our
        ours ourselves out over own per perhaps put quite rather really same say says seem seems
        seen shall she she's should shouldn't since so some somebody someone something sometimes
        somewhat soon still such than that that's the their theirs them themselves then there
        there's therefore these they they'd they'll they're they've thing things this those though
        through throughout thus to together too toward towards two under unless until up upon us
        use used very via was wasn't way we we'd we'll we're we've well were weren't what whatever
        when where whereas whether which while who whoever whole whom whose why will with within
        without won't would wouldn't yes yet you you'd you'll you're you've your yours yourself
        want wants need needs able take takes taken taking come comes came
        dear sincerely regards respectfully please thank thanks hello hi madam sir appreciate
        mr mrs ms dr attached attachment attachments enclosed behalf
        comment comments commenting commented commenter commenters submit submits submitted
        submitting submission submissions
        """,
    "de": """
        ab aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes
        auch auf aus außer außerdem bei beide beiden beim bereits bevor bin bis bisher bist bzw da
        dabei dadurch dafür dagegen daher dahin damit danach daneben dann daran darauf daraus darf
        darin darüber darum darunter das dass daß davon davor dazu dein deine deinem deinen deiner
        dem den denen denn dennoch der deren des deshalb dessen desto deswegen dich die dies diese
        dieselbe dieselben diesem diesen dieser dieses dir doch dort du durch dürfen ebenfalls
        ebenso ein eine einem einen einer eines einfach einige einigen einiger einmal entweder er
        erst es etc etwa etwas euch euer eure falls für ganz gar geben gegen gemacht genau genug
        gerne gibt habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem
        ihren ihrer ihres im immer in indem ins irgend ist ja je jede jedem jeden jeder jedes jedoch
        jene jenem jenen jener jenes jetzt kann kannst kaum kein keine keinem keinen keiner könnte
        könnten können lassen machen macht mal man manche mehr mein meine meinem meinen meiner meist
        mich mir mit möchte möchten muss müssen müsste müssten muß nach nachdem nämlich neben nein
        nicht nichts nie noch nun nur ob obwohl oder oft ohne per schon sehr seid sein seine seinem
        seinen seiner seines seit selbst sich sie sind so sobald sofern sogar solche solchem solchen
        solcher solches soll sollen sollte sollten somit sondern sonst soviel sowie sowohl statt
        trotz trotzdem über um und uns unser unsere unserem unseren unserer unter usw viel viele
        vielen vieler vom von vor während wann war waren warum was wegen weil weiter weitere
        weiteren welche welchem welchen welcher welches wem wen wenig wenige weniger wenn wer werde
        werden wessen wie wieder will wir wird wo wobei wodurch wollen wollte worden wurde wurden
        würde würden zu zudem zum zur zwar zwischen
        bitte danke dank geehrte geehrter damen herren herr frau grüße grüßen freundlichen
        hallo liebe lieber
        """,
    "fr": """
        à afin ai aie aient ainsi ait alors après as au aucun aucune aujourd aujourd'hui auquel
        aura aurait auront aussi autant autre autres aux auxquels avaient avait avant avec avez
        avoir avons ayant beaucoup bien c ça car ce ceci cela celle celles celui cependant certain
        certaine certaines certains ces cet cette ceux chacun chaque chez ci comme comment
        concernant contre d dans de déjà depuis des dès dessous dessus deux devrait devraient devant
        doit doivent donc dont du durant elle elles en encore entre es est et étaient était étant
        été être eu eux fait faire faut fois font furent hors hui il ils j je jusqu jusque l la là
        laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m ma mais malgré me
        même mêmes mes mien moi moins mon n ne ni nos notamment notre nôtre nous on ont or ou où
        outre par parce parmi pas pendant peu peut peuvent plus plusieurs plutôt pour pourquoi
        pourrait pourtant près puis puisque qu quand que quel quelle quelles quelque quelques quels
        qui quoi rien s sa sans sauf se selon sera serait seront ses seulement si sien soi soit
        sommes son sont souvent sous suis sur t ta tandis tant te tel telle telles tels tes toi ton
        toujours tous tout toute toutefois toutes très trop tu un une va vers via voici voilà vos
        votre vous vont y
        bonjour madame monsieur merci cordialement salutations veuillez agréer cher chère
        """,
    "es": """
        a además ahí ahora al algo alguien algún alguna algunas alguno algunos allí ambos ante
        antes aquel aquella aquellas aquellos aquí así aun aún aunque bajo bien cada casi como cómo
        con contra cual cuál cuales cualquier cuando cuándo cuanto cuya cuyas cuyo cuyos da dado de
        debe deben debería deberían dejar del demás dentro desde después donde dónde dos durante e
        el él ella ellas ello ellos en entonces entre era eran eres es esa esas ese eso esos esta
        está están estas estaba este esto estos estoy etc fue fueron fuera ha haber había habían
        hace hacen hacer hacia han hasta hay he hecho hemos incluso la las le les lo los luego más
        mas me mediante menos mi mí mientras mis mismo misma mismas mismos mucha muchas mucho muchos
        muy nada nadie ni ningún ninguna ninguno no nos nosotros nuestra nuestras nuestro nuestros
        nunca o os otra otras otro otros para pero poco poder podría podrían por porque pues puede
        pueden que qué quien quién quienes se sea sean según ser será serán sería si sí sido siempre
        sin sino sobre solo sólo somos son soy su sus tal tales también tampoco tan tanto te tener
        tenemos tengo tiene tienen toda todas todavía todo todos tras tu tus u un una unas uno unos
        usted ustedes va vamos van varios ya yo
        hola señor señora gracias estimado estimada estimados saludos atentamente cordialmente
        """,
    "it": """
        a abbiamo ad agli ai al alla alle allo altre altri altro anche ancora aveva avere bene che
        chi ci ciò coi col come con contro cosa così cui da dagli dai dal dalla dalle dallo degli
        dei del della delle dello dentro deve devono di dopo dove due durante e è ecco ed era erano
        essere fa fare fatto fino fra già gli ha hai hanno ho i il in infatti invece io la le lei
        li lo loro lui ma me meno mentre mi mia mie miei mio molta molte molti molto ne né negli nei
        nel nella nelle nello noi non nostra nostre nostri nostro o ogni oppure per perché però più
        poco poi possono prima proprio può qual quale quali quando quanto quella quelle quelli
        quello questa queste questi questo qui quindi sarà se sempre senza si sia siamo sono sopra
        sotto stata state stati stato su sua sue sugli sui sul sulla sulle sullo suo suoi tale tali
        tra troppo tu tutta tutte tutti tutto un una uno va vi via voi vostra vostro
        grazie gentile saluti cordiali buongiorno
        """,
    "nl": """
        aan al alle alleen allemaal als altijd andere ben bij daar daarom dan dat de deze die dit
        doch doen door dus een eens en er geen geweest haar had hadden hebben heb heeft hem hen het
        hier hij hoe hun iemand iets ik in is ja je jij jullie kan kon kunnen maar me meer men met
        mij mijn moet moeten mogen na naar niet niets nog nu of om omdat onder ons onze ook op over
        reeds te tegen ten ter toch toen tot u uit uw van veel voor waar waren was wat we wel welke
        werd werden wie wij wil willen worden wordt ze zelf zeer zich zij zijn zo zonder zou zouden
        zoals geachte groet groeten vriendelijke bedankt
        """,
    "pt": """
        a ainda além algo algum alguma algumas alguns ante antes ao aos após aquela aquelas aquele
        aqueles aquilo as às assim até cada com como contra cujo da das de dela delas dele deles
        depois desde dessa desse desta deste deve devem do dois dos durante e é ela elas ele eles em
        enquanto entre era eram essa essas esse esses esta está estão estas este estes eu faz fazer
        foi foram há isso isto já lhe lhes lo mais mas me mediante menos mesma mesmo meu meus minha
        muito muitos na nada não nas nem nenhum nessa nesse nesta neste no nos nós nossa nossas
        nosso nossos num numa o onde os ou outra outras outro outros para pela pelas pelo pelos pode
        podem por porque pois qual quais qualquer quando quanto que quem são se seja sem sempre ser
        será seu seus si sido só sob sobre sua suas também tal tão tem têm temos ter teu toda todas
        todo todos tudo um uma umas uns vai você vocês obrigado obrigada prezado prezada
        atenciosamente
        """,
}

# Words that may help to tell themes apart and yet name none.
_VAGUE = {
    "en": """
        able add addition additional address allow appropriate area based believe better big call
        case change clear complete concern consider continue create current currently different
        difficult establish establishing ensure ensuring exist existing expect find full general
        good great help helpful high idea important improve include includes included including
        increase information issue issues kind know lack large level limited long look lot low main
        major manner matter mean means necessary new number offer open opinion opportunity option
        order part particular people person place point possible potential present problem problems
        proposal propose proposed provide provided provides providing purpose question reason
        receive recommend reference regard regarding related request require required requirement
        requirements respond response result right serve set significant similar simply specific
        start state stop strongly suggest support supports system term think time today total true
        try type understand update updates various welcome work works working world wrong year years
        sure read line words believes encourage encourages recognize recognized pleased
        """,
    "de": """
        alt anderes art besser besonders brauchen braucht bereich beispiel einsatz fall finden frage
        fördern führt geht gering gleich groß große großen gut gute guten hoch höher jahr jahre
        klar konkret kommt leute liegt menschen möglich möglichkeit möglichkeiten neu neue neuen
        nutzen nötig problem punkt rahmen recht richtig sache sagen schaffen setzen stark stellen
        stehen steht teil thema verstehen wichtig wichtige zeigen zeit ziel zukunft
        """,
    "fr": """
        aider an année années avis besoin bon bonne cas chose créer demande demander devenir
        exemple façon général grand grande important importante jour lieu manière mettre mise
        moyen nécessaire niveau nombre nouveau nouvelle nouvelles objet part partie permet permettre
        personne personnes place point possible problème proposer proposition propose question
        rapport reste savoir semble situation soutenir sujet temps type utiliser
        """,
    "es": """
        año años apoyar apoyo ayuda bueno buena caso cosa cosas crear cuestión deseo día ejemplo
        existe falta forma general gente gran grande importante información lugar manera mayor medio
        mejor mejorar necesario necesidad nivel nueva nuevo nuevos número parte permite persona
        personas posible problema problemas propone propuesta punto realizar sistema situación tema
        tiempo tipo uso utilizar
        """,
}

# Words that tie a phrase together: "freedom of the press" is one, "sex the patient" is none.
_LINKS = {
    "en": "of and for to in on from with against by",
    "de": "und für von vom der des den dem die das zur zum zu im in auf gegen mit am an",
    "fr": "de d du des à au aux et pour en dans la le les sur contre par",
    "es": "de del y e para en a al la el los las contra por con",
    "it": "di del dello della dei degli delle dell e per in nel nella a al alla con contro da",
    "nl": "van en voor de het in op tegen met aan",
    "pt": "de do da dos das e para em no na nos nas a ao à contra por com",
}

# Characters that carry grammar in Chinese and are rarely part of another word.
DENSE_BREAKS = frozenset("的了是在与與及也都就很这這那哪们們我你您他她它吗嗎呢吧啊")


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language in lower case; none for a language without a list.

    language  a language tag such as "de" or "pt-BR"
    """
    return frozenset(_LISTS.get(language.lower().partition("-")[0], "").split())


@cache
def link_words(language: str) -> frozenset[str]:
    """Return the stop words a phrase may run across, in lower case; none without a list."""
    return frozenset(_LINKS.get(language.lower().partition("-")[0], "").split())


@cache
def vague_words(language: str) -> frozenset[str]:
    """Return the words that alone name no theme, in lower case; none without a list."""
    return frozenset(_VAGUE.get(language.lower().partition("-")[0], "").split())
