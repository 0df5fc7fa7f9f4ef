"""Words so common in passwords that they add nothing, and whole passwords seen everywhere."""

_WORDS = """
motdepasse motdepass passe mot azerty azertyuiop qwerty qwertyuiop qsdfghjklm wxcvbn password
passwort admin administrateur administrator root user utilisateur login connexion bonjour bonsoir
salut merci soleil chocolat loulou doudou nicolas camille marseille paris lyon toulouse france
football olympique bienvenue welcome letmein iloveyou jetaime amour princesse dragon monkey
sunshine superman batman trustno secret cooperative coop coopshare association insertion solidaire
solidarite ess scic ptce reservation planning salle bureau printemps automne hiver janvier fevrier
mars avril juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi
vendredi samedi dimanche test essai demo abc abcd abcdef mon ma mes et le la les de du des un une
"""
_PASSWORDS = """
1q2w3e4r5t6y7u 1qaz2wsx3edc4rfv qwertyuiop123 azertyuiopqsdf azertyuiop1234 abcdefghijklmn
correcthorsebatterystaple thisismypassword jesuisunmotdepasse changezmoi1234 passwordpassword
qwertyuiopasdfgh zaqxswcdevfrbgt unmotdepassesecret lemotdepasse2026 tobeornottobethat
"""
WORDS = frozenset(_WORDS.split())
PASSWORDS = frozenset(_PASSWORDS.split())
