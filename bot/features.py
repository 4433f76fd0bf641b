"""Everything that members can use: the cogs, and the components that answer after a restart."""

from __future__ import annotations

from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.async_questions import AsyncQuestions
from bot.cogs.articles import Articles
from bot.cogs.ask import Ask
from bot.cogs.board import Board
from bot.cogs.direct import Direct
from bot.cogs.feedback import Feedback
from bot.cogs.help import Help
from bot.cogs.lines import Lines
from bot.cogs.messages import Messages
from bot.cogs.privacy import Privacy
from bot.cogs.quotes import Quotes
from bot.cogs.settings import SettingsPanel
from bot.cogs.summary import Summaries
from bot.cogs.summary_buttons import SummaryButtons
from bot.engine.guild_settings.records import OperatorChoices
from bot.tree import PullquoteTree
from bot.ui.article_card import RemovalButton
from bot.ui.article_lines import LinesButton, LinesMenu
from bot.ui.article_list import PageButton
from bot.ui.board import GapButton
from bot.ui.buttons import AnswerButton
from bot.ui.delivery import InFlight
from bot.ui.discretion import Discretion
from bot.ui.manners import Manners
from bot.ui.scope_panel import ScopeChannels, ScopeOpen, ScopeRoles
from bot.ui.server_menu import ServerMenu
from bot.ui.settings_controls import BackButton, ChannelMenu, ManagerMenu, SettingMenu
from bot.ui.summary_buttons import SummaryButton, SummaryMenu


async def add_features(
    bot: commands.AutoShardedBot,
    tree: PullquoteTree,
    library: AsyncLibrary,
    questions: AsyncQuestions,
    in_flight: InFlight,
    *,
    operator: OperatorChoices,
    guests: str,
) -> None:
    """Add every cog and every component to a bot and its tree. Needs no connection."""
    discretion = Discretion(library.settings, private_by_default=operator.private)
    manners = Manners()
    await bot.add_cog(Ask(bot, library, questions, in_flight, discretion, manners))
    await bot.add_cog(Messages(bot, library, questions, in_flight, discretion, manners))
    await bot.add_cog(Direct(bot, library, questions, in_flight, discretion, manners))
    await bot.add_cog(Feedback(library, questions, in_flight, discretion, manners))
    await bot.add_cog(Board(library, questions, in_flight, discretion))
    await bot.add_cog(Privacy(questions))
    await bot.add_cog(Quotes(library, in_flight, discretion))
    await bot.add_cog(Summaries(bot, library, discretion, guests=guests))
    await bot.add_cog(SummaryButtons(library, in_flight, discretion))
    await bot.add_cog(SettingsPanel(library, in_flight, operator, manners))
    articles = Articles(library, in_flight, discretion)
    await bot.add_cog(articles)
    await bot.add_cog(Lines(library, in_flight, discretion))
    tree.add_command(articles.menu)
    await bot.add_cog(Help(bot, library, tree.links, discretion))
    bot.add_dynamic_items(PageButton, AnswerButton, ServerMenu, RemovalButton, LinesButton, LinesMenu, GapButton)
    bot.add_dynamic_items(SummaryButton, SummaryMenu)
    bot.add_dynamic_items(ScopeRoles, ScopeChannels, ScopeOpen)
    bot.add_dynamic_items(SettingMenu, ManagerMenu, ChannelMenu, BackButton)
