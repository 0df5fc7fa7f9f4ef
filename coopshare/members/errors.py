"""The refusals of members: accounts, invitations, roles."""

from coopshare.kernel.errors import Conflict, NotAuthenticated, NotFound, Refused
from coopshare.kernel.text import marked


class WrongCredentials(NotAuthenticated):
    """The address or the password is wrong: never said which."""

    code = "wrong_credentials"
    message = marked(
        "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis recommencez."
    )


class LinkUnusable(NotFound):
    """An invitation or a reset link that never existed, was used, or is too old: all the same."""

    code = "link_unusable"
    message = marked("Ce lien ne sert plus : il a déjà servi, ou il est trop ancien.")


class AccountExists(Conflict):
    """The invited address has an account: its owner accepts once logged in."""

    code = "account_exists"
    message = marked(
        "Vous avez déjà un compte avec cette adresse."
        " Connectez-vous, puis ouvrez de nouveau le lien reçu."
    )


class InvitationForAnother(Refused):
    """The person who is logged in is not the one who was invited."""

    code = "invitation_for_another"
    message = marked(
        "Cette invitation est pour {email}. Déconnectez-vous, puis ouvrez de nouveau le lien reçu."
    )


class AlreadyThere(Conflict):
    """The person already holds that role there."""

    code = "already_there"
    message = marked("Cette personne a déjà ce rôle dans cette organisation.")


class LastAdministrator(Conflict):
    """A cooperative without anybody to administer it would be locked for ever."""

    code = "last_administrator"
    message = marked(
        "C'est la dernière personne qui administre la coopérative."
        " Donnez d'abord ce rôle à une autre personne."
    )


class RoleAboveOwn(Refused):
    """Nobody gives a role above their own."""

    code = "role_above_own"
    message = marked("Vous ne pouvez pas donner ou retirer un rôle au-dessus du vôtre.")


class MembershipOver(Refused):
    """The organisation is no longer a member."""

    code = "membership_over"
    message = marked("Cette organisation n'est plus membre de la coopérative.")


class SiretTaken(Conflict):
    """Two organisations of a cooperative cannot be the same establishment."""

    code = "siret_taken"
    message = marked("Une organisation de la coopérative a déjà ce SIRET : {name}.")


class DemonstrationApart(Refused):
    """Demonstration accounts have a public password: they never stand beside real data."""

    code = "demonstration_apart"
    message = marked(
        "Une démonstration et une vraie coopérative ne vont pas dans la même base : le mot de passe"
        " des comptes de démonstration est public. Prenez une base vide (COOPSHARE_DATA)."
    )
